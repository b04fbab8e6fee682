/// The resources of its machine that a container may use.
public struct ContainerLimits: Sendable, Hashable {
    /// The memory limit in bytes, in addition to the sizes of its mounts in
    /// memory; nil: no limit.
    public var memory: Int?
    /// The number of processors; nil: all.
    public var processors: Int?

    /// Creates limits; there are none by default.
    public init(memory: Int? = nil, processors: Int? = nil) {
        self.memory = memory
        self.processors = processors
    }

    /// Returns the kernel's memory limit for a container whose mounts in memory
    /// may hold `files` bytes: these files count as well.
    func memory(with files: Int) -> Int? {
        memory.map { $0.addingReportingOverflow(files) }.map {
            $0.overflow ? .max : $0.partialValue
        }
    }
}
