/// What a container may use of its machine.
public struct ContainerLimits: Sendable, Hashable {
    /// Bytes of memory, beside those that its mounts in memory may hold; nil:
    /// all there is.
    public var memory: Int?
    /// How many processors; nil: all there are.
    public var processors: Int?

    /// Limits, or none.
    public init(memory: Int? = nil, processors: Int? = nil) {
        self.memory = memory
        self.processors = processors
    }

    /// What the kernel is told for a container whose mounts may hold this much:
    /// files in memory count, too.
    func memory(with files: Int) -> Int? {
        memory.map { $0.addingReportingOverflow(files) }.map {
            $0.overflow ? .max : $0.partialValue
        }
    }
}
