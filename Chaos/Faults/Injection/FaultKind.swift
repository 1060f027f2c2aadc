/// Every kind of fault that a run can inject.
enum FaultKind: String, CaseIterable, Sendable {
    // Processes of the gateway
    case killIngress = "kill-ingress"
    case killWorker = "kill-worker"
    case killCorrelator = "kill-correlator"
    /// With 200 transactions open.
    case killFullCorrelator = "kill-full-correlator"
    case pauseIngress = "pause-ingress"
    case pauseWorker = "pause-worker"
    case pauseCorrelator = "pause-correlator"
    /// SIGTERM and a new start of every process, one after the other.
    case rollingRestart = "rolling-restart"
    // The broker
    case killNode = "kill-node"
    case killLeader = "kill-leader"
    case killTwoNodes = "kill-two-nodes"
    case pauseNode = "pause-node"
    case pauseLeader = "pause-leader"
    case pauseTwoNodes = "pause-two-nodes"
    case fullDisk = "full-disk"
    case fullMemory = "full-memory"
    // The network
    case cutIngress = "cut-ingress-broker"
    case cutWorker = "cut-worker-broker"
    case cutCorrelator = "cut-correlator-broker"
    case freezeIngress = "freeze-ingress-broker"
    case freezeWorker = "freeze-worker-broker"
    case freezeCorrelator = "freeze-correlator-broker"
    case slowIngress = "slow-ingress-broker"
    case slowWorker = "slow-worker-broker"
    case slowCorrelator = "slow-correlator-broker"
    case cutProvider = "cut-worker-provider"
    case freezeProvider = "freeze-worker-provider"
    case slowProvider = "slow-worker-provider"
    case cutNodes = "cut-nodes"
    case freezeNodes = "freeze-nodes"
    case slowNodes = "slow-nodes"
    // The base services
    case hangingProvider = "provider-hangs"
    case resettingProvider = "provider-resets"
    case garbageProvider = "provider-garbage"
    case hugeProvider = "provider-12-mb"
    case doubleProvider = "provider-twice"
    case lateDoubleProvider = "provider-twice-late"

    /// Nothing but broker nodes that there are several of can be lost without an outage.
    var needsCluster: Bool {
        switch self {
        case .killLeader, .killTwoNodes, .pauseLeader, .pauseTwoNodes, .cutNodes, .freezeNodes, .slowNodes: true
        default: false
        }
    }

    /// How the misbehaving base services behave, as `simulate --set` takes it.
    var behaviour: String? {
        switch self {
        case .hangingProvider: "hang=1"
        case .resettingProvider: "reset=1"
        case .garbageProvider: "garbage=1"
        case .hugeProvider: "oversize=1"
        case .doubleProvider: "twice=1,latency=20ms"
        case .lateDoubleProvider: "twice=1,latency=20ms,twice-after=25ms"
        default: nil
        }
    }
}
