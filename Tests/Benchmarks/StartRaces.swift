import Exec
import Git
import SystemPackage

/// The cost of starting a program.
struct StartRaces {
    let world: World
    /// A repository to open.
    let repository: FilePath

    /// Starts programs that do nothing.
    func start() -> Race {
        Race(
            title: "starting", goal: nil,
            contenders: [
                .init(
                    name: "git-zentoo --version",
                    program: world.zentoo("--version", in: world.directory)),
                .init(
                    name: "git --version",
                    program: world.program(["git", "--version"], in: world.directory)),
                .init(
                    name: "python3 -c pass",
                    program: world.program(["python3", "-c", "pass"], in: world.directory)),
            ])
    }

    /// The cost of opening a repository: the same program without and with it.
    func open() -> Race {
        let own = world.own.string
        return Race(
            title: "starting: opening a repository with libgit2", goal: nil,
            contenders: [
                .init(
                    name: "opening it",
                    program: world.program([own, "open", repository.string], in: world.directory)),
                .init(
                    name: "not opening it",
                    program: world.program([own, "open"], in: world.directory)),
            ])
    }

    /// The cost of loading each library with all its dependencies: they are
    /// preloaded into a program that needs none of them.
    func libraries() async throws -> Race {
        func program(_ library: String?) -> Program {
            var program = world.program(["true"], in: world.directory)
            // Binds symbols at once, not at the first call.
            program.environment["LD_BIND_NOW"] = "1"
            if let library { program.environment["LD_PRELOAD"] = library }
            return program
        }
        let linked = try await world.run("ldd", world.zentoo.string).text
        let libraries = linked.split(separator: "\n").compactMap { line -> String? in
            let words = line.split { " \t".contains($0) }
            return words.count > 2 && words[1] == "=>" ? String(words[2]) : nil
        }
        return Race(
            title: "starting: what each library takes to load, with those it needs", goal: nil,
            contenders: [.init(name: "true(1)", program: program(nil))]
                + libraries.filter { !$0.contains("/libc.so") }.map { library in
                    let name = FilePath(library).lastComponent?.string ?? library
                    return .init(name: "true(1) and \(name)", program: program(library))
                })
    }
}
