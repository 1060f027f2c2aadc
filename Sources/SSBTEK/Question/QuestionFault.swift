/// Why a data part is not an acceptable question.
///
/// The subset of the gateway's faults that this module can decide; the raw values are those of the full list, which
/// lives beside the SHS codes in a module that this one does not know. Carries nothing of the question.
package enum QuestionFault: String, Error, Sendable, CaseIterable {
    /// Not well-formed XML, in an unknown encoding, too deep or too large.
    case questionMalformed = "question-malformed"
    /// A document type declaration, or an entity beyond the five that XML predefines.
    case documentTypeForbidden = "document-type-forbidden"
    /// Against the schema, another document than a question, or days, base64 or JSON that mean nothing.
    case questionAgainstContract = "question-against-contract"
    /// A person's number (or, where that is checked, the asker's) that is not valid.
    case invalidIdentityNumber = "invalid-identity-number"
    /// The LEFI question inside names another person than the question itself.
    case questionAboutAnotherPerson = "question-about-another-person"
    /// No base service is asked.
    case noProviderIncluded = "no-provider-included"
}
