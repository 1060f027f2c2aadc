package import XML

/// The contract's schema files, loaded once and shared by all who read questions or build answers.
package final class Contract: Sendable {
    private let schema: XMLSchema

    /// Loads `ssbtek.xsd` and what it includes from a folder such as `Config/contracts/ssbtek-10`.
    package init(directory: String) throws(XMLSchemaError) {
        self.schema = try XMLSchema(contentsOf: directory + "/ssbtek.xsd")
    }

    /// Whether the document is valid.
    ///
    /// Any of the contract's documents is, so look at the root for which one it is.
    package func accepts(_ document: XMLDocument) -> Bool {
        self.schema.violations(of: document).isEmpty
    }

    /// What is wrong with a document, as codes and lines without content.
    package func violations(of document: XMLDocument) -> [XMLSchemaViolation] {
        self.schema.violations(of: document)
    }
}
