package import Gateway

/// What stands between the core and its transports: nothing, unless a test breaks something on purpose.
package struct SimulationParts: Sendable {
    package var ingress: @Sendable (any IngressTransport) -> any IngressTransport = { $0 }
    package var worker: @Sendable (any WorkerTransport) -> any WorkerTransport = { $0 }
    package var correlator: @Sendable (any CorrelatorTransport) -> any CorrelatorTransport = { $0 }

    package init() {}
}
