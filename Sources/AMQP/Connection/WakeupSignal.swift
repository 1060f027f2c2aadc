internal import CRabbitMQ

/// An eventfd(2): wakes the loop thread out of poll(2) from any other thread.
final class WakeupSignal: Sendable {
    private let descriptor: Int32

    init() {
        self.descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        // Out of file descriptors at start: nothing in this process can work.
        precondition(self.descriptor >= 0, "eventfd(2) failed")
    }

    deinit { close(self.descriptor) }

    func wake() {
        // EAGAIN means that the counter is full, so the thread is being woken already.
        eventfd_write(self.descriptor, 1)
    }

    /// Waits for a wake-up or for the socket, and forgets the wake-up.
    ///
    /// True when the socket has something to read, or an error that the next read will report.
    func wait(forAtMost time: Duration, orSocket socket: Int32 = -1, untilWritable: Bool = false) -> Bool {
        // poll(2) ignores a negative descriptor.
        let wanted = untilWritable ? POLLIN | POLLOUT : POLLIN
        var first = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        var second = pollfd(fd: socket, events: Int16(wanted), revents: 0)
        let milliseconds = Int32(clamping: max(.zero, time).wholeMilliseconds)
        var both: [2 of pollfd] = [first, second]
        var span = both.mutableSpan
        _ = unsafe span.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, 2, milliseconds) }
        first = span[0]
        second = span[1]
        if first.revents != 0 {
            var count: eventfd_t = 0
            // EAGAIN means that there was nothing to forget.
            _ = unsafe eventfd_read(self.descriptor, &count)
        }
        return second.revents & ~Int16(POLLOUT) != 0
    }
}
