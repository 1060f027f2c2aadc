package import SHS

/// What this node offers and to whom it answers: the profile's choices.
package struct ProfileConfiguration: Sendable, Equatable {
    /// Organisation number that a label's `to` must name.
    package var organisation = "2021005521"
    /// Products (UUIDs) that questions may be sent to; no official id was found, so the default is a test id.
    package var products: Set<String> = ["00000000-0000-0000-0000-00000000e001"]
    /// The label's `status` that this node serves.
    package var status: Label.Status = .test
    /// Most questions, that is persons, in one message: the operating agreement's 10.
    package var maximumQuestions = 10

    package init() {}
}
