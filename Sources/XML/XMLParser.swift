internal import CLibXML2

/// One run of libxml2's parser, with everything switched off that could reach outside the document.
enum XMLParser {
    /// Parses UTF-8 that has passed ``XMLInspection``.
    static func parse(_ bytes: [UInt8]) throws(XMLParsingError) -> TreeHandle {
        guard LibXML2.isInitialised, let context = unsafe xmlNewParserCtxt() else {
            throw XMLParsingError(.tooLarge)
        }
        defer {
            unsafe xmlFreeParserCtxt(context)
            // The thread's last error quotes the document.
            xmlResetLastError()
        }
        unsafe Self.refuseEntities(context)
        // NONET: nothing from the network. NOENT, DTDLOAD, DTDATTR, DTDVALID, XINCLUDE and HUGE are left out on
        // purpose: no entity is replaced, no DTD is read, and libxml2's own limits stay on.
        let options = Int32(
            bitPattern: XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
        let document = unsafe bytes.withUnsafeBytes { buffer in
            unsafe xmlCtxtReadMemory(
                context, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), nil, "UTF-8", options)
        }
        let tree = unsafe document.flatMap { unsafe TreeHandle(takingOwnership: $0) }
        let line = unsafe Int(context.pointee.lastError.line)
        if unsafe context.pointee._private != nil { throw XMLParsingError(.documentTypeForbidden) }
        // A parser that was stopped returns the tree so far and calls it well-formed: disableSAX tells.
        guard let tree, unsafe context.pointee.wellFormed == 1, unsafe context.pointee.disableSAX == 0 else {
            throw XMLParsingError(.notWellFormed, line: line > 0 ? line : nil)
        }
        guard unsafe context.pointee.nsWellFormed == 1 else { throw XMLParsingError(.namespaceError) }
        return tree
    }

    /// The second line of defence behind ``XMLInspection``.
    ///
    /// An entity that is not one of the five predefined stops the parser (libxml2 would leave it out silently where a
    /// document type is named), and no declaration of an internal subset has any effect.
    private static func refuseEntities(_ context: xmlParserCtxtPtr) {
        guard let handler = unsafe context.pointee.sax else { return }
        unsafe handler.pointee.getEntity = { context, _ in
            unsafe stop(context)
            return nil
        }
        unsafe handler.pointee.entityDecl = { context, _, _, _, _, _ in unsafe stop(context) }
        unsafe handler.pointee.internalSubset = nil
        unsafe handler.pointee.externalSubset = nil
        unsafe handler.pointee.resolveEntity = nil
    }
}

/// Ends the parsing and marks the context, in `_private`, which libxml2 leaves to the application.
private func stop(_ pointer: UnsafeMutableRawPointer?) {
    guard let context = unsafe pointer?.assumingMemoryBound(to: xmlParserCtxt.self) else { return }
    unsafe context.pointee._private = pointer
    unsafe xmlStopParser(context)
}
