import NIOCore

/// Wakes a connection up no later than its deadline.
///
/// A later deadline leaves the alarm as it is: waking once too often is cheaper than a new alarm for every request.
/// Belongs to the connection's event loop.
final class DeadlineAlarm {
    private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

    func ring(noLaterThan deadline: NIODeadline, on eventLoop: any EventLoop, _ wake: @escaping () -> Void) {
        if let scheduled = self.scheduled {
            if scheduled.at <= deadline { return }
            scheduled.task.cancel()
        }
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.scheduled = nil
            wake()
        }
        self.scheduled = (task, deadline)
    }

    func cancel() {
        self.scheduled?.task.cancel()
        self.scheduled = nil
    }
}
