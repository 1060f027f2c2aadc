/// Whether this process can do its work now.
package enum Readiness: Sendable, Equatable {
    case ready
    /// The reason is one fixed word, such as `broker` or `trust`; a `StaticString`, so that nothing else can get in.
    case notReady(StaticString)

    package static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.ready, .ready): true
        case (.notReady(let a), .notReady(let b)): "\(a)" == "\(b)"
        default: false
        }
    }
}
