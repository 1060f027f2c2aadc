/// Where all tasks of one simulated process run: it only collects their jobs, the scheduler runs them.
final class SimulatedExecutor: TaskExecutor {
    let process: String
    let number: UInt64
    private let scheduler: SimulatedScheduler

    init(process: String, number: UInt64, scheduler: SimulatedScheduler) {
        self.process = process
        self.number = number
        self.scheduler = scheduler
    }

    func enqueue(_ job: consuming ExecutorJob) {
        self.scheduler.enqueue(UnownedJob(job), of: self)
    }
}
