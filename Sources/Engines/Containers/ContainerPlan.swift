internal import SystemPackage

/// The mounts and the `runner.sh` arguments of a container that runs steps of a
/// job. A pure function of its inputs.
struct ContainerPlan: Hashable {
    /// The root file system of the steps.
    enum Root: Hashable {
        /// The container's own, created from the stage's image.
        case image
        /// The job's layer in its scratch directory, over the stage's tree.
        case layer(tree: FilePath)
        /// A directory, changed in place.
        case directory(FilePath)
    }

    /// The place where the runner reports events.
    enum Report: Hashable {
        /// Standard output, which this process reads.
        case output
        /// A file of this name in the job's scratch directory.
        case file(FilePath.Component)
    }

    /// The directory of the container in which all mounts are placed.
    static let place = "/dev/zentoo"

    /// The values of `--mount`, in order.
    private(set) var mounts: [String] = []
    /// The arguments of the runner.
    private(set) var arguments: [String] = []
    /// The network that the container needs for its steps.
    let network: Step.Network
    /// The maximum number of bytes that steps may hold in memory file systems
    /// at the same time.
    let memory: Int

    /// Plans steps of a job.
    ///
    /// - Parameters:
    ///   - steps: the steps to run, in order.
    ///   - terminalStep: the index of the step that has the user's terminal.
    ///   - root: the root file system of the steps.
    ///   - scratch: the job's directory on this machine.
    ///   - storage: how directories of this machine are mounted in containers.
    ///   - fences: the directory that this run writes to, by the source of its
    ///     fenced mount.
    ///   - markers: the expected identities of the storage areas, by area.
    ///   - mark: see `runner.sh`.
    ///   - report: where the runner reports events.
    ///   - owner: `uid:gid` of the owner of written files; nil for root.
    init(
        _ steps: [Step], terminalStep: Int? = nil, root: Root, scratch: FilePath,
        storage: ContainerStorage, fences: [FilePath: FilePath] = [:],
        markers: [FilePath: String] = [:], mark: String, report: Report, owner: String? = nil
    ) {
        network = steps.map(\.network).first { $0 != .none } ?? .none
        memory =
            steps.map { step in
                step.mounts.reduce(0) { sum, mount in
                    if case .memory(_, let bytes) = mount { sum + bytes } else { sum }
                }
            }.max() ?? 0

        var slots = Slots(storage: storage)
        let stepWords = steps.enumerated().flatMap { index, step in
            Self.words(
                of: step, isOnTerminal: index == terminalStep, fences: fences, slots: &slots)
        }
        switch root {
        case .image: break
        case .layer(let tree):
            slots.place(tree, at: "stage", isWritten: false)
            slots.place(scratch, at: "job", isWritten: true)
        case .directory(let directory): slots.place(directory, at: "root", isWritten: true)
        }
        let reported: String
        switch report {
        case .output: reported = "-"
        case .file(let name):
            reported = "\(Self.place)/\(slots.slot(of: scratch, isWritten: true))/\(name)"
        }
        let checked = slots.areas.filter { markers[$0.directory] != nil }
        let markerWords = checked.flatMap { area in
            let file = area.directory.appending(StorageMarker.name)
            return [slots.slot(of: file, isWritten: false), markers[area.directory] ?? ""]
        }

        mounts = slots.mounts
        arguments = ["job", mark, reported, owner ?? "-"]
        switch root {
        case .image: arguments.append("/")
        case .layer: arguments.append("layer")
        case .directory: arguments.append("directory")
        }
        arguments.append(String(checked.count))
        arguments += markerWords.enumerated().map { index, word in
            index % 2 == 0 ? "\(Self.place)/\(word)" : word
        }
        let written = owner == nil ? [] : slots.written
        arguments += [String(written.count)] + written.map { "\(Self.place)/\($0)" }
        arguments += stepWords
    }

    private static func words(
        of step: Step, isOnTerminal: Bool, fences: [FilePath: FilePath], slots: inout Slots
    ) -> [String] {
        var words = [String(step.mounts.count)]
        for mount in step.mounts {
            switch mount {
            case .readOnly(let source, let target):
                let own = fences[source] ?? source
                words += ["read-only", slots.slot(of: own, isWritten: false), target]
            case .readWrite(let source, let target), .fenced(let source, let target):
                let own = fences[source] ?? source
                words += ["read-write", slots.slot(of: own, isWritten: true), target]
            case .memory(let target, let bytes):
                words += ["memory", String(bytes), target]
            }
        }
        words += step.wholeEnvironment.map { "\($0.name)=\($0.value)" }
        // env(1) takes a command with such a name for an assignment.
        if step.command.first?.contains("=") == true {
            words += ["sh", "-c", #"exec "$@""#, "sh"]
        }
        words += step.command
        return [
            step.condition == .always ? "always" : "on-success",
            step.network == .none ? "isolated" : "network", isOnTerminal ? "terminal" : "-",
            String(words.count),
        ] + words
    }
}

/// The mounts of a container, each source once, with their names in
/// ``ContainerPlan/place``.
private struct Slots {
    private struct Slot {
        let name: String
        let source: Source
        var isWritten: Bool
    }

    private enum Source: Hashable {
        case path(FilePath)
        case volume(ContainerVolume)
    }

    let storage: ContainerStorage
    private var slots: [Slot] = []
    /// The names of the writable sources, in order.
    private(set) var written: [String] = []
    /// The areas of the storage that are used, in order.
    private(set) var areas: [ContainerStorage.Area] = []

    init(storage: ContainerStorage) {
        self.storage = storage
    }

    /// Returns the place of a path of this machine in the container, relative
    /// to ``ContainerPlan/place``.
    mutating func slot(of path: FilePath, isWritten: Bool) -> String {
        let area = storage.area(of: path)
        if let area, !areas.contains(area) { areas.append(area) }
        var slot: String
        if let area, let volume = area.volume {
            let below = path.components.dropFirst(area.directory.components.count)
            slot = name(of: .volume(volume), isWritten: isWritten)
            for component in below { slot += "/\(component)" }
        } else {
            slot = name(of: .path(path), isWritten: isWritten)
        }
        if isWritten, !written.contains(slot) { written.append(slot) }
        return slot
    }

    /// Mounts a path under a given name; possible only for a path that is the
    /// same on every machine.
    mutating func place(_ path: FilePath, at name: String, isWritten: Bool) {
        guard !slots.contains(where: { $0.name == name }) else { return }
        if let area = storage.area(of: path), !areas.contains(area) { areas.append(area) }
        slots.append(Slot(name: name, source: .path(path), isWritten: isWritten))
    }

    private mutating func name(of source: Source, isWritten: Bool) -> String {
        if let index = slots.firstIndex(where: { $0.source == source && Int($0.name) != nil }) {
            slots[index].isWritten = slots[index].isWritten || isWritten
            return slots[index].name
        }
        let name = String(slots.count)
        slots.append(Slot(name: name, source: source, isWritten: isWritten))
        return name
    }

    var mounts: [String] {
        slots.map { slot in
            var fields: [String]
            switch slot.source {
            case .path(let path): fields = ["type=bind", "source=\(path)"]
            case .volume(let volume): fields = ["type=volume"] + volume.fields
            }
            fields.append("destination=\(ContainerPlan.place)/\(slot.name)")
            if !slot.isWritten { fields.append("readonly") }
            return CommaSeparated.line(of: fields)
        }
    }
}
