/// Something that goes wrong, or is done, in a world; what it hits is drawn when it happens.
package enum SimulatedFault: String, CaseIterable, Sendable {
    case killIngress = "kill ingress"
    case killWorker = "kill worker"
    case killCorrelator = "kill correlator"
    /// SIGSTOP, later SIGCONT; the broker may have given it up meanwhile.
    case pauseProcess = "pause process"
    case restartIngress = "restart ingress"
    case restartWorker = "restart worker"
    case restartCorrelator = "restart correlator"
    case loseConnection = "lose connection"
    /// A correlator's shards go to another one, or come again.
    case handOver = "hand over shards"
    case stallNetwork = "stall network"
    /// Every connection is lost; they come back one by one.
    case brokerFailover = "broker failover"
    case refusePublishes = "refuse publishes"
    case fillQueues = "fill queues"
    /// A message is published once more, as after a lost confirmation.
    case duplicate = "duplicate message"
    case reorder = "reorder queue"
    case poison = "poison message"
    /// Forwards or backwards, within what clocks may differ.
    case setClock = "set clock"

    var themes: [SimulationProfile.Theme] {
        switch self {
        case .killIngress, .killWorker, .killCorrelator: [.crashes, .everything]
        case .pauseProcess: [.crashes, .network, .everything]
        case .restartIngress, .restartWorker, .restartCorrelator: [.restarts, .everything]
        case .loseConnection: [.network, .everything]
        case .handOver: [.crashes, .restarts, .everything]
        case .stallNetwork: [.network, .everything]
        case .brokerFailover, .refusePublishes, .fillQueues: [.broker, .everything]
        case .duplicate, .reorder, .poison: [.broker, .skew, .everything]
        case .setClock: [.skew]
        }
    }
}
