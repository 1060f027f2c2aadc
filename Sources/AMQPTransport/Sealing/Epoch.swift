/// The time during which one key of a lane seals: its number, and its times as durations since the machine was started.
package struct Epoch: Hashable, Sendable, Comparable {
    /// Digits of a name; at one epoch a second they last 300 years.
    private static let digits = 10

    /// Grows by one with each epoch of a lane and is never used again.
    package let number: UInt64
    package let made: Duration
    /// Nobody seals with it from here on, as long as a next one can be made.
    package let sealsUntil: Duration

    package init(number: UInt64, made: Duration, sealsUntil: Duration) {
        self.number = number
        self.made = made
        self.sealsUntil = sealsUntil
    }

    /// The name of its file, and what envelopes call it.
    package var name: String { Self.name(self.number) }

    package static func name(_ number: UInt64) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, Self.digits - text.utf8.count)) + text
    }

    /// Ten digits and nothing else: the name comes from an envelope, so it must not be able to lead to another file.
    package static func number(ofName name: String) -> UInt64? {
        guard name.utf8.count == Self.digits, name.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return UInt64(name)
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    /// Its times as this machine can count with them, when they are not from its own clock.
    ///
    /// - From before a restart (only where the keyring is on a disk): over, whenever it was.
    /// - From the future (a process in another time namespace): counted from when it was first seen here.
    func counted(isOfThisBoot: Bool, firstSeen: Duration) -> Epoch {
        guard isOfThisBoot else { return Epoch(number: self.number, made: .zero, sealsUntil: .zero) }
        guard self.made > firstSeen else { return self }
        return Epoch(
            number: self.number, made: firstSeen, sealsUntil: firstSeen + (self.sealsUntil - self.made))
    }
}
