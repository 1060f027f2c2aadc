internal import CLibXML2

/// A compiled W3C XML Schema, loaded once and shared by all threads.
///
/// libxml2 documents the compiled schema as read-only; each call makes its own validation context. `@unchecked
/// Sendable` for that reason.
@safe package final class XMLSchema: @unchecked Sendable {
    private let pointer: xmlSchemaPtr

    /// Loads a schema file with what it imports and includes by relative path.
    package init(contentsOf path: String) throws(XMLSchemaError) {
        precondition(LibXML2.isInitialised)
        var problems: [XMLSchemaViolation] = []
        guard let parser = unsafe xmlSchemaNewParserCtxt(path) else {
            throw XMLSchemaError(path: path, problems: [])
        }
        let schema = unsafe withUnsafeMutablePointer(to: &problems) { list in
            unsafe xmlSchemaSetParserStructuredErrors(parser, collectViolation, list)
            // Errors of imported files are reported past the context, to this thread's handler.
            unsafe xmlSetStructuredErrorFunc(list, collectViolation)
            defer { xmlSetStructuredErrorFunc(nil, nil) }
            return unsafe xmlSchemaParse(parser)
        }
        unsafe xmlSchemaFreeParserCtxt(parser)
        guard let schema = unsafe schema else { throw XMLSchemaError(path: path, problems: problems) }
        unsafe self.pointer = schema
    }

    deinit {
        unsafe xmlSchemaFree(self.pointer)
    }

    /// What in the document is against the schema, in document order, at most 100; empty when it is valid.
    package func violations(of document: XMLDocument) -> [XMLSchemaViolation] {
        var found: [XMLSchemaViolation] = []
        let status = unsafe document.tree.withDocument { tree in
            unsafe withUnsafeMutablePointer(to: &found) { list -> Int32 in
                guard let context = unsafe xmlSchemaNewValidCtxt(self.pointer) else { return -1 }
                defer {
                    unsafe xmlSchemaFreeValidCtxt(context)
                    // The thread's last error quotes the value that was wrong.
                    xmlResetLastError()
                }
                unsafe xmlSchemaSetValidStructuredErrors(context, collectViolation, list)
                return unsafe xmlSchemaValidateDoc(context, tree)
            }
        }
        // A document is valid only when the validator says so, also if it should fail without giving a reason.
        if status != 0, found.isEmpty { return [XMLSchemaViolation(code: Int(status), line: nil)] }
        return status == 0 ? [] : found
    }
}

/// One thing that is against a schema: a code and a place, never a value.
package struct XMLSchemaViolation: Sendable, Equatable {
    /// libxml2's error code (`xmlerror.h`, `XML_SCHEMAV_…`).
    package let code: Int
    /// Counted from 1, in the document without its XML declaration's encoding (lines stay the same).
    package let line: Int?
}

/// A schema file that cannot be used.
///
/// It is our own file, so its path may be told.
package struct XMLSchemaError: Error, Sendable, Equatable {
    package let path: String
    package let problems: [XMLSchemaViolation]
}

/// The C callback: `list` is the array that the caller keeps alive during the call.
private func collectViolation(_ list: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<xmlError>?) {
    guard let list = unsafe list?.assumingMemoryBound(to: [XMLSchemaViolation].self), let error = unsafe error else {
        return
    }
    guard unsafe list.pointee.count < 100, unsafe error.pointee.level != XML_ERR_WARNING else { return }
    let line = unsafe Int(error.pointee.line)
    unsafe list.pointee.append(XMLSchemaViolation(code: Int(error.pointee.code), line: line > 0 ? line : nil))
}
