package import SHS
package import SSBTEK

extension Fault {
    /// What the sender is told about a question that cannot be asked.
    package init(_ fault: QuestionFault) {
        self =
            switch fault {
            case .questionMalformed: .questionMalformed
            case .documentTypeForbidden: .documentTypeForbidden
            case .questionAgainstContract: .questionAgainstContract
            case .invalidIdentityNumber: .invalidIdentityNumber
            case .questionAboutAnotherPerson: .questionAboutAnotherPerson
            case .noProviderIncluded: .noProviderIncluded
            }
    }
}
