import SHS
import Testing

/// What OpenSSL and libxml2's own tool make of what is read and written here.
struct SecondOpinionTests {
    /// A folder with a throw-away signer: `cert.pem` and `key.pem`.
    private func signer() throws -> Folder {
        let folder = try Folder()
        try Tool.openssl.run(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=prov", "-keyout", "key.pem", "-out", "cert.pem",
            ], in: folder)
        return folder
    }

    private func sign(_ content: [UInt8], in folder: Folder, _ options: [String]) throws -> [UInt8] {
        try folder.write(content, to: "content")
        try Tool.openssl.run(
            [
                "cms", "-sign", "-in", "content", "-signer", "cert.pem", "-inkey", "key.pem", "-md", "sha256", "-out",
                "signed",
            ]
                + options, in: folder)
        return try folder.read("signed")
    }

    /// Whether the signature covers exactly these bytes.
    private func verifies(_ content: [UInt8], _ signature: [UInt8], in folder: Folder) throws -> Bool {
        try folder.write(content, to: "found")
        try folder.write(signature, to: "signature")
        do {
            try Tool.openssl.run(
                [
                    "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "found", "-CAfile",
                    "cert.pem", "-purpose", "any", "-out", "verified",
                ], in: folder)
            return true
        } catch is Tool.Failure { return false }
    }

    @Test(arguments: [["-binary"], [], ["-binary", "-indef"], ["-crlfeol"], ["-binary", "-crlfeol"]])
    func `a detached signature of openssl covers the bytes that are found`(options: [String]) throws {
        let folder = try self.signer()
        let message = try Fixture.message(parts: 2)
        let entity = try self.sign(try message.serialized(boundary: "=_b-1"), in: folder, options)
        guard
            case .detached(let content, let signature) = try SignedEntity.read(
                contentType: "message/rfc822", body: entity)
        else { throw Fault.signatureMalformed }
        // Exact bytes first, then the canonical form: what the verifier does.
        let canonical = SignedEntity.canonicalised(content)
        let covered =
            try self.verifies(content, signature, in: folder)
            ? content
            : try self.verifies(canonical, signature, in: folder) ? canonical : nil
        let read = try Message.read(try #require(covered))
        #expect(read.parts.map(\.content) == message.parts.map(\.content))
        #expect(read.label == message.label)
        var tampered = try #require(covered)
        tampered[tampered.count / 2] ^= 1
        #expect(try !self.verifies(tampered, signature, in: folder))
    }

    @Test(arguments: [["-binary"], []])
    func `a message with bare LF is covered as it stands or in its canonical form`(options: [String]) throws {
        let folder = try self.signer()
        let message = try Fixture.message().serialized(boundary: "=_b-1").filter { $0 != 0x0D }
        let entity = try self.sign(message, in: folder, options)
        guard
            case .detached(let content, let signature) = try SignedEntity.read(
                contentType: "message/rfc822", body: entity)
        else { throw Fault.signatureMalformed }
        let canonical = SignedEntity.canonicalised(content)
        let exact = try self.verifies(content, signature, in: folder)
        #expect(try exact || self.verifies(canonical, signature, in: folder))
        #expect(try Message.read(exact ? content : canonical).parts.count == 1)
    }

    @Test(arguments: ["SMIME", "DER"])
    func `an opaque signature of openssl is found`(form: String) throws {
        let folder = try self.signer()
        let message = try Fixture.message(parts: 2)
        let bytes = try message.serialized(boundary: "=_b-1")
        let entity = try self.sign(bytes, in: folder, ["-nodetach", "-binary", "-outform", form])
        let type = form == "DER" ? "application/pkcs7-mime; smime-type=signed-data" : "message/rfc822"
        guard case .opaque(let signature) = try SignedEntity.read(contentType: type, body: entity)
        else { throw Fault.signatureMalformed }
        try folder.write(signature, to: "signature")
        try Tool.openssl.run(
            [
                "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-CAfile", "cert.pem", "-purpose",
                "any",
                "-out", "verified",
            ], in: folder)
        #expect(try folder.read("verified") == bytes)
        #expect(try Message.read(folder.read("verified")).parts.count == 2)
    }

    // With -binary alone, openssl itself turns the CRLF of a multipart/signed into LF before it verifies.
    @Test(arguments: [["-binary", "-crlfeol"], []])
    func `openssl accepts the signed entity that is written`(options: [String]) throws {
        let folder = try self.signer()
        let message = try Fixture.message(parts: 3, size: 5000).serialized(boundary: "=_b-1")
        let signature = try self.sign(message, in: folder, ["-binary", "-outform", "DER"])
        let entity = try SignedEntityWriter.write(content: message, signature: signature, boundary: "=_s-1")
        try folder.write(entity, to: "entity")
        try Tool.openssl.run(
            ["cms", "-verify", "-in", "entity", "-CAfile", "cert.pem", "-purpose", "any", "-out", "verified"] + options,
            in: folder)
        #expect(try SignedEntity.canonicalised(folder.read("verified")) == message)
        // Also when something on the way has turned all line ends into LF, for a reader in text mode.
        if options.isEmpty {
            try folder.write(entity.filter { $0 != 0x0D }, to: "entity")
            try Tool.openssl.run(
                ["cms", "-verify", "-in", "entity", "-CAfile", "cert.pem", "-purpose", "any", "-out", "verified"],
                in: folder)
        }
    }

    @Test func `xmllint accepts the labels that are written`() throws {
        let folder = try Folder()
        let request = try Fixture.label(entries: 10)
        let reply = request.reply(
            datetime: "2026-01-02T03:04:06", contentID: "c-2", data: [DataEntry(datapartType: "å€")])
        var awkward = request
        awkward.subject = "\u{0}]]>\u{1F600}\r\n&<\"'"
        awkward.history = [Label.History(datetime: "<", comment: "&", attributes: ["local.id": "a\nb"])]
        for label in [request, reply, awkward] {
            try folder.write(LabelWriter.write(label), to: "label.xml")
            let output = try Tool.xmllint.run(["--noout", "--nonet", "label.xml"], in: folder)
            #expect(output.isEmpty)
        }
    }

    @Test func `xmllint finds a written label valid against the document type`() throws {
        let folder = try Folder()
        try folder.write(Fixture.bytes(Self.documentType), to: "shs-label-1.2.dtd")
        let label = try Fixture.label(entries: 2)
        let reply = label.reply(datetime: "2026-01-02T03:04:06", contentID: "c-2", data: [DataEntry(datapartType: "x")])
        for label in [label, reply] {
            try folder.write(LabelWriter.write(label), to: "label.xml")
            try Tool.xmllint.run(["--noout", "--nonet", "--valid", "label.xml"], in: folder)
        }
    }

    /// The structure of the label, written anew from its description.
    private static let documentType = """
        <!ELEMENT shs.label (((originator, from?) | from), to?, end-recipient?, product, meta*, subject?, datetime, content, history*)>
        <!ATTLIST shs.label version CDATA #FIXED "1.2" tx.id NMTOKEN #REQUIRED corr.id NMTOKEN #REQUIRED
          shs.agreement NMTOKEN #IMPLIED transfer-type (asynch|synch) "asynch" message-type (simple|compound) "simple"
          document-type (simple|compound) "simple" sequence-type (event|request|reply|adm) #REQUIRED
          status (test|production) "production">
        <!ELEMENT originator (#PCDATA)> <!ATTLIST originator name CDATA #IMPLIED labeledURI CDATA #IMPLIED>
        <!ELEMENT from (#PCDATA)>
        <!ATTLIST from commonName CDATA #REQUIRED e-mail CDATA #IMPLIED labeledURI CDATA #IMPLIED>
        <!ELEMENT to (#PCDATA)> <!ATTLIST to commonName CDATA #IMPLIED>
        <!ELEMENT end-recipient (#PCDATA)> <!ATTLIST end-recipient name CDATA #IMPLIED labeledURI CDATA #IMPLIED>
        <!ELEMENT product (#PCDATA)> <!ATTLIST product commonName CDATA #IMPLIED labeledURI CDATA #IMPLIED>
        <!ELEMENT meta (#PCDATA)> <!ATTLIST meta name CDATA #REQUIRED>
        <!ELEMENT subject (#PCDATA)> <!ELEMENT datetime (#PCDATA)> <!ELEMENT comment (#PCDATA)>
        <!ELEMENT content ((data* | compound), comment?)> <!ATTLIST content content.id NMTOKEN #REQUIRED>
        <!ELEMENT data EMPTY>
        <!ATTLIST data datapartType CDATA #REQUIRED filename CDATA #IMPLIED no-of-bytes NMTOKEN #IMPLIED
          no-of-records NMTOKEN #IMPLIED>
        <!ELEMENT compound EMPTY> <!ATTLIST compound no-of-parts CDATA #REQUIRED>
        <!ELEMENT history (datetime, comment?)> <!ATTLIST history node.id CDATA #REQUIRED>
        """
}
