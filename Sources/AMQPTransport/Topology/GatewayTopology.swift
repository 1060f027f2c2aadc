package import AMQP
package import Gateway
package import SSBTEK

/// Every exchange, queue and binding of the gateway, as values, and the only place where their names are written.
///
/// | queue | holds | readers |
/// |---|---|---|
/// | `shs.work.<provider>` | work items that a person waits for, until their deadline | that provider's workers |
/// | `shs.work.<provider>.automated` | those that a program asked for | the same |
/// | `shs.correlate.<shard>` | manifests and answers, unacknowledged until the reply is confirmed | one correlator each |
/// | `shs.reply.<ingress>` | signed replies | that ingress |
/// | `shs.dead` | what expired or came back too often | correlators, which record and discard it |
///
/// What waits here has been accepted, so all are durable, and all but the reply queues are quorum queues. A reply queue
/// lives as long as the process that waits at it: for that RabbitMQ advises a classic queue, and version 3.10 leaves a
/// quorum queue that is younger than a second without a leader for good when its node is killed. Its price is that it is
/// away while its node is: the ingress then takes another, `shs.reply.<ingress>.1` and so on. Messages go through the
/// default exchange straight to their queue, so that one whose queue is missing is returned to the publisher and never lost in silence.
package struct GatewayTopology: Sendable {
    /// Sizes and limits; durations and counts with their reasons.
    package struct Configuration: Sendable, Equatable {
        /// Returns of a work item before it is poison.
        ///
        /// Counts deaths of workers too, so not 1; a worker that dies on an
        /// item must not take five others with it, so not 20.
        package var workDeliveryLimit = 5
        /// The same for manifests and answers: every hand-over of a shard counts one for all that is held.
        package var correlateDeliveryLimit = 100
        /// Work items per provider and lane that may wait: beyond it the ingress answers 503 instead of collecting what dies anyway.
        package var workQueueLength = 20_000
        /// Messages per shard that may wait or be held.
        package var correlateQueueLength = 50_000
        /// How long a reply queue outlives its ingress: covers a restart of the broker's connection.
        package var replyQueueExpiry: Duration = .seconds(600)

        package init() {}
    }

    package static let deadExchange = "shs.dead"
    package static let deadQueue = "shs.dead"

    private let configuration: Configuration
    private let shards: Int

    package init(configuration: Configuration, shards: Int) {
        self.configuration = configuration
        self.shards = shards
    }

    /// Lanes differ by queue only: who may open a work item is the provider's worker, whoever waits for the answer.
    package static func workQueue(_ provider: Provider, _ lane: WorkLane = .caseworker) -> String {
        switch lane {
        case .caseworker: "shs.work.\(provider.rawValue)"
        case .automated: "shs.work.\(provider.rawValue).automated"
        }
    }
    package static func correlateQueue(_ shard: Int) -> String { "shs.correlate.\(shard)" }
    package static func replyQueue(_ ingress: String) -> String { "shs.reply.\(ingress)" }
    /// The name that a reply queue goes by after so many moves, see ``QueueNames``.
    static func replyQueue(_ first: String, moves: Int) -> String { moves == 0 ? first : "\(first).\(moves)" }

    /// What every role declares: any of them may be the first to start.
    package var shared: Topology {
        Topology(
            exchanges: [ExchangeDeclaration(name: Self.deadExchange, kind: .fanout)],
            queues: [QueueDeclaration(name: Self.deadQueue)]
                + Provider.allCases.flatMap { provider in WorkLane.allCases.map { self.work(provider, $0) } }
                + (0..<self.shards).map(self.correlate),
            bindings: [BindingDeclaration(exchange: Self.deadExchange, queue: Self.deadQueue, routingKey: "")]
        )
    }

    /// What an ingress declares besides.
    package func reply(to address: ReplyAddress) -> Topology {
        Topology(
            queues: [
                QueueDeclaration(
                    name: address.text,
                    kind: .classic,
                    deadLetter: .init(exchange: Self.deadExchange, strategy: .atMostOnce),
                    overflow: .rejectPublish,
                    expires: self.configuration.replyQueueExpiry
                )
            ]
        )
    }

    private func work(_ provider: Provider, _ lane: WorkLane) -> QueueDeclaration {
        QueueDeclaration(
            name: Self.workQueue(provider, lane),
            deliveryLimit: self.configuration.workDeliveryLimit,
            deadLetter: Self.deadLetter,
            overflow: .rejectPublish,
            maximumLength: self.configuration.workQueueLength
        )
    }

    private func correlate(_ shard: Int) -> QueueDeclaration {
        QueueDeclaration(
            name: Self.correlateQueue(shard),
            hasSingleActiveConsumer: true,
            deliveryLimit: self.configuration.correlateDeliveryLimit,
            deadLetter: Self.deadLetter,
            overflow: .rejectPublish,
            maximumLength: self.configuration.correlateQueueLength
        )
    }

    private static let deadLetter = QueueDeclaration.DeadLetter(exchange: deadExchange, strategy: .atLeastOnce)
}
