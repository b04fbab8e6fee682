internal import Exec
internal import Glibc

extension LocalEngine: ReportingEngine {
    /// See ``ReportingEngine``.
    public func status() async throws -> EngineStatus {
        let version: String
        do {
            version = try await Invocation("bwrap", ["--version"]).run().text
        } catch let error as ExecError {
            throw EngineError(.unavailable, error.description, hints: Self.hints)
        }
        var name = utsname()
        uname(&name)
        return EngineStatus(
            engine: self.name, version: version,
            places: [
                EngineStatus.Place(
                    name: Self.text(of: name.nodename), processor: Self.text(of: name.machine),
                    processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
                    memory: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
                    jobs: JobScratch.jobs(in: state, of: self.name))
            ])
    }

    private static let hints = ["emerge sys-apps/bubblewrap", "apt install bubblewrap"]

    private static func text<Field>(of field: Field) -> String {
        withUnsafeBytes(of: field) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
