// libxml2, as found by pkg-config `libxml-2.0` (Debian: libxml2-dev).
#ifndef CLIBXML2_SHIM_H
#define CLIBXML2_SHIM_H

// Debian builds libxml2 with ICU. Its headers would come along and collide with those inside Foundation, in every file
// that imports both. Without this macro the last fields of xmlCharEncodingHandler are not declared; nobody here uses them.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>

// The global state, once per process: parser tables, schema types, and a loader that opens local files only.
static inline void CLibXML2_initialise(void) {
    xmlInitParser();
    xmlSchemaInitTypes();
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
}

#endif
