/// One fault as it happened; times since the start of the load, in seconds.
struct InjectedFault: Sendable, Codable {
    let kind: String
    /// To whom.
    let target: String
    let start: Double
    /// When everything was put right again, as far as it is ours to do so: a killed process was ready.
    let end: Double
    /// From the start to the first complete reply of a request that was sent after it.
    var firstCompleteAfterStart: Double?
    /// The same from the end: zero when requests were answered completely all the time.
    var firstCompleteAfterEnd: Double?
    /// From the end until a whole series of requests was answered completely; nil when that did not come in time.
    var recovery: Double?
    /// Requests sent while it lasted, and how many of them were answered completely.
    var sent = 0
    var complete = 0
    /// What one kind of fault measures besides.
    var remark: String?
}
