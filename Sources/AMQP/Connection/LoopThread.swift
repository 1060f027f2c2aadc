internal import CRabbitMQ
internal import Glibc

/// A thread of its own for code that blocks, joined before `run` returns.
enum LoopThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Returns when the body has returned and the thread is gone.
    static func run(named name: String, _ body: @escaping @Sendable () -> Void) async throws(AMQPError) {
        let thread: pthread_t? = await withCheckedContinuation { continuation in
            let context = Body {
                unsafe CRabbitMQ_nameThread(name)
                body()
                continuation.resume(returning: pthread_self())
            }
            let pointer = unsafe Unmanaged.passRetained(context).toOpaque()
            var thread = pthread_t()
            let status = unsafe pthread_create(
                &thread, nil,
                { pointer in
                    // Passed retained just below; every thread gets exactly one.
                    if let pointer = unsafe pointer {
                        unsafe Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
                    }
                    return nil
                }, pointer)
            if status != 0 {
                unsafe Unmanaged<Body>.fromOpaque(pointer).release()
                continuation.resume(returning: nil)
            }
        }
        guard let thread else { throw AMQPError(.connectFailed, operation: "pthread_create") }
        // The body is done, so this waits for the thread's last instructions only.
        _ = pthread_join(thread, nil)
    }
}
