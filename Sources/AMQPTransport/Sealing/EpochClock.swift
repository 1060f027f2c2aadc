import Glibc

/// The clock of epochs; a parameter, so that tests own it.
package protocol EpochClock: Sendable {
    /// Which start of the machine the time is counted from: 16 bytes.
    var boot: [UInt8] { get }
    /// Time since the machine was started.
    func sinceBoot() -> Duration
}

/// The kernel's own.
package struct BootClock: EpochClock {
    package let boot: [UInt8]

    package init() {
        // A UUID that the kernel draws at each start, 36 characters; without /proc all starts look alike.
        var text = [UInt8](repeating: 0, count: 36)
        let file = unsafe Glibc.open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        if file >= 0 {
            _ = unsafe Glibc.read(file, &text, text.count)
            _ = Glibc.close(file)
        }
        let digits = text.compactMap { Character(UnicodeScalar($0)).hexDigitValue }.map(UInt8.init)
        let pairs = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        self.boot = pairs.count == 16 ? pairs : [UInt8](repeating: 0, count: 16)
    }

    package func sinceBoot() -> Duration {
        var time = timespec()
        // Fails for clocks that the kernel does not know only; this one is there since Linux 2.6.39.
        _ = unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
