import Foundation

/// A lock that many may share, or one has alone (POSIX).
@safe final class ReadWriteLock: @unchecked Sendable {
    // @unchecked: it is the lock.
    private let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        unsafe self.lock = .allocate(capacity: 1)
        unsafe pthread_rwlock_init(self.lock, nil)
    }

    deinit {
        unsafe pthread_rwlock_destroy(self.lock)
        unsafe self.lock.deallocate()
    }

    func shared<Value, Failure>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        unsafe pthread_rwlock_rdlock(self.lock)
        defer { unsafe pthread_rwlock_unlock(self.lock) }
        return try body()
    }

    func alone<Value, Failure>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        unsafe pthread_rwlock_wrlock(self.lock)
        defer { unsafe pthread_rwlock_unlock(self.lock) }
        return try body()
    }
}
