package import SHS

/// Which labels this node takes, before anything in the data parts is read.
package struct LabelPolicy: Sendable {
    private let profile: ProfileConfiguration

    package init(profile: ProfileConfiguration) {
        self.profile = profile
    }

    /// The organisation number that the label claims to come from.
    package func sender(of label: Label) throws(Fault) -> String {
        guard let from = label.from else { throw .malformedSender }
        return from.address.organisation
    }

    /// Checks receiver, product, status and kind of transfer.
    package func check(_ label: Label) throws(Fault) {
        if label.sequenceType == .adm { throw .administrativeNotSupported }
        if label.transferType == .asynch { throw .asynchronousNotSupported }
        guard label.sequenceType == .request else { throw .notARequest }
        guard let receiver = label.to else { throw .missingReceiver }
        guard receiver.address.organisation == self.profile.organisation else { throw .unknownReceiver }
        guard self.profile.products.contains(where: { ProductID($0) == label.product.id }) else {
            throw .unknownProduct
        }
        guard label.status == self.profile.status else { throw .wrongStatus }
    }
}
