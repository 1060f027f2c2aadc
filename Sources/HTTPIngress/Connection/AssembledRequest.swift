/// A complete request on its way from the event loop to the handler, with its right to be in flight.
struct AssembledRequest: Sendable {
    let request: InboundRequest
    /// Given back when the last copy of this value is gone.
    let admission: RequestAdmission
}

/// Told to every connection when the time to shut down gracefully has passed.
struct ShutdownTimePassed: Sendable {}
