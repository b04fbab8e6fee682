internal import Dispatch
internal import Glibc
internal import SystemPackage

/// Notifies a worker when to check the queue: when the queue's file is closed,
/// and every few seconds in case that was missed, as on a network file system.
struct QueueWatch: Sendable {
    /// The notifications of possible changes. Several changes in a row are
    /// reported as one.
    let bells: AsyncStream<Void>

    /// The interval in milliseconds after which the queue is checked without a
    /// notification.
    static let tick = 5_000

    /// Watches a queue's file until the stream is released.
    init(_ door: QueueDoor) {
        // Only opens the file and does not create it: if it is missing, the
        // queue is checked at the interval alone.
        door.ring()
        let inotify = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        if inotify >= 0 {
            _ = inotify_add_watch(inotify, door.path.string, UInt32(IN_CLOSE | IN_ATTRIB))
        }
        var ends: [Int32] = [-1, -1]
        let hasPipe = pipe(&ends) == 0
        let (reading, writing) = (ends[0], ends[1])
        for end in ends where hasPipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        bells = AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            continuation.onTermination = { _ in close(writing) }
            // poll(2) blocks and needs a thread of its own, which a separate
            // dispatch queue provides: tasks run on the threads of the global
            // queues.
            DispatchQueue(label: "queue-watch").async {
                var polled = [
                    pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: inotify, events: Int16(POLLIN), revents: 0),
                ]
                var events = [UInt8](repeating: 0, count: 4096)
                while true {
                    polled[0].revents = 0
                    polled[1].revents = 0
                    _ = poll(&polled, nfds_t(polled.count), Int32(Self.tick))
                    if polled[0].revents != 0 { break }
                    while read(inotify, &events, events.count) > 0 {}
                    continuation.yield()
                }
                close(reading)
                if inotify >= 0 { close(inotify) }
            }
        }
    }
}
