/// What the data of one section amounts to.
///
/// Data is no proof of an answer: it may itself say that something failed.
package enum Finding: Sendable, Equatable {
    case hits
    /// Asked, answered, and there is nothing.
    case noHits
    /// Someone behind the base service did not answer, so what is missing may exist.
    ///
    /// `hits` tells whether there is something.
    case incomplete(hits: Bool)
    /// The data is the base service's own way to say no.
    case refused(code: String)
}
