import Exec
import Git
import SystemPackage

/// What it costs to start at all.
struct StartRaces {
    let world: World
    /// A repository to open.
    let repository: FilePath

    /// Programs that do nothing.
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

    /// The part of it that opens a repository: the same program without and with.
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

    /// What the loader does for each library, with all that the library itself
    /// needs: a program that needs none has it loaded before.
    func libraries() async throws -> Race {
        func program(_ library: String?) -> Program {
            var program = world.program(["true"], in: world.directory)
            // At once, not when something is called for the first time.
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
