extension Label {
    /// `from` or `to`.
    package struct Actor: Sendable, Equatable {
        package var address: PartyAddress
        /// Required of `from`, where it may be empty.
        package var commonName: String?
        /// Of `from` only, like ``labeledURI``.
        package var email: String?
        package var labeledURI: String?

        package init(
            address: PartyAddress, commonName: String? = nil, email: String? = nil, labeledURI: String? = nil
        ) {
            self.address = address
            self.commonName = commonName
            self.email = email
            self.labeledURI = labeledURI
        }
    }

    /// `originator` or `end-recipient`: behind the organisations that exchange the message.
    package struct EndPoint: Sendable, Equatable {
        /// Any URN, as it was written: `urn:X-shs:…`, `orgno:…`, `mailto:…`.
        package var urn: String
        package var name: String?
        package var labeledURI: String?

        package init(urn: String, name: String? = nil, labeledURI: String? = nil) {
            self.urn = urn
            self.name = name
            self.labeledURI = labeledURI
        }
    }

    /// `product`.
    package struct Product: Sendable, Equatable {
        package var id: ProductID
        package var commonName: String?
        package var labeledURI: String?

        package init(id: ProductID, commonName: String? = nil, labeledURI: String? = nil) {
            self.id = id
            self.commonName = commonName
            self.labeledURI = labeledURI
        }
    }

    /// `meta`: a named remark of the sender.
    ///
    /// May be personal.
    package struct Meta: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// `content`: what the parts after the label are.
    package struct Content: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case data([DataEntry])
            case compound(parts: Int)
        }

        /// The identity of the content, kept when the same content is sent again; 36 characters are written at most.
        package var contentID: String
        package var kind: Kind
        package var comment: String?

        package init(contentID: String, kind: Kind, comment: String? = nil) {
            self.contentID = contentID
            self.kind = kind
            self.comment = comment
        }
    }

    /// `history`: one node that the message went through.
    ///
    /// Read leniently, since most nodes write it wrongly.
    package struct History: Sendable, Equatable {
        package var datetime: String?
        package var comment: String?
        /// As they were written: `node.id`, `tx.id` and so on.
        package var attributes: [String: String]

        package init(datetime: String?, comment: String?, attributes: [String: String]) {
            self.datetime = datetime
            self.comment = comment
            self.attributes = attributes
        }
    }
}

/// `data`: what the label says about one data part.
package struct DataEntry: Sendable, Equatable {
    package var datapartType: String
    package var filename: String?
    /// Advisory: nodes write wrong numbers, and nothing may be sized by it.
    package var byteCount: Int?
    package var recordCount: Int?

    package init(datapartType: String, filename: String? = nil, byteCount: Int? = nil, recordCount: Int? = nil) {
        self.datapartType = datapartType
        self.filename = filename
        self.byteCount = byteCount
        self.recordCount = recordCount
    }
}
