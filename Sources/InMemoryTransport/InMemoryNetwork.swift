/// What lies between processes and the broker: decides when something arrives, and what does not arrive at all.
package protocol InMemoryNetwork: Sendable {
    /// Carries one thing; what goes the same way over one link arrives in order.
    func carry(over link: InMemoryLink, _ way: InMemoryWay, _ arrive: @escaping @Sendable () -> Void)

    /// Carries a confirmation to its publisher, or lets it wait for one until it gives up.
    func confirm(
        over link: InMemoryLink, _ arrive: @escaping @Sendable () -> Void,
        orGiveUp giveUp: @escaping @Sendable () -> Void)

    /// The process's end of a link is gone: nothing reaches it any more.
    ///
    /// Of what was under way to the broker, the first part may still arrive; then the broker notices.
    func sever(_ link: InMemoryLink, _ notice: @escaping @Sendable () -> Void)
}

/// One connection between a process and the broker, from its opening to its loss.
package struct InMemoryLink: Hashable, Sendable {
    package let number: UInt64
    package let process: String
}

/// The direction on a link.
package enum InMemoryWay: Int, Sendable {
    case toBroker
    case fromBroker
}

/// Everything arrives at once.
package struct DirectNetwork: InMemoryNetwork {
    package init() {}

    package func carry(over link: InMemoryLink, _ way: InMemoryWay, _ arrive: @escaping @Sendable () -> Void) {
        arrive()
    }

    package func confirm(
        over link: InMemoryLink, _ arrive: @escaping @Sendable () -> Void,
        orGiveUp giveUp: @escaping @Sendable () -> Void
    ) {
        arrive()
    }

    package func sever(_ link: InMemoryLink, _ notice: @escaping @Sendable () -> Void) { notice() }
}
