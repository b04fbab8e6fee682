internal import Dispatch
internal import Glibc
internal import SystemPackage

/// Tells a worker when to look at the queue: when somebody closes its door, and
/// every few seconds in case that went unheard, as over a network file system.
struct QueueWatch: Sendable {
    /// Something may have changed. Several changes in a row are one.
    let bells: AsyncStream<Void>

    /// How long a change that nobody told of goes unnoticed.
    static let tick = 5_000

    /// Watches a queue's door, until the stream is let go of.
    init(_ door: QueueDoor) {
        // That there is something to watch.
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
            // Whoever sleeps needs a thread of his own, which a queue of his own
            // gives: tasks run on the threads of the global ones.
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
