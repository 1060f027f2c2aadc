// libcrypto for Swift: the headers that Trust uses, and functions for what the headers only offer as macros.
#ifndef COpenSSL_shim_h
#define COpenSSL_shim_h

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// RFC 4514, but UTF-8 letters stay letters: a registered subject is compared as people write it.
static const unsigned long COpenSSL_NAME_FORMAT = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;

static inline STACK_OF(X509) *COpenSSL_sk_X509_new(void) { return sk_X509_new_null(); }
static inline int COpenSSL_sk_X509_push(STACK_OF(X509) *stack, X509 *item) { return sk_X509_push(stack, item); }
static inline int COpenSSL_sk_X509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *COpenSSL_sk_X509_value(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}
// Frees the stack, not what it holds.
static inline void COpenSSL_sk_X509_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }
// Frees the stack and releases what it holds.
static inline void COpenSSL_sk_X509_pop_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

static inline STACK_OF(X509_CRL) *COpenSSL_sk_X509_CRL_new(void) { return sk_X509_CRL_new_null(); }
static inline int COpenSSL_sk_X509_CRL_push(STACK_OF(X509_CRL) *stack, X509_CRL *item) {
    return sk_X509_CRL_push(stack, item);
}
static inline void COpenSSL_sk_X509_CRL_free(STACK_OF(X509_CRL) *stack) { sk_X509_CRL_free(stack); }

static inline int COpenSSL_sk_CMS_SignerInfo_num(const STACK_OF(CMS_SignerInfo) *stack) {
    return sk_CMS_SignerInfo_num(stack);
}
static inline CMS_SignerInfo *COpenSSL_sk_CMS_SignerInfo_value(const STACK_OF(CMS_SignerInfo) *stack, int index) {
    return sk_CMS_SignerInfo_value(stack, index);
}

static inline long COpenSSL_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

// Never asks a terminal: an encrypted key is an unreadable key.
static inline int COpenSSL_no_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer; (void)size; (void)writing; (void)context;
    return -1;
}
static inline EVP_PKEY *COpenSSL_PEM_read_private_key(BIO *bio) {
    return PEM_read_bio_PrivateKey(bio, NULL, COpenSSL_no_passphrase, NULL);
}
static inline X509 *COpenSSL_PEM_read_certificate(BIO *bio) {
    return PEM_read_bio_X509(bio, NULL, COpenSSL_no_passphrase, NULL);
}
static inline X509_CRL *COpenSSL_PEM_read_revocation_list(BIO *bio) {
    return PEM_read_bio_X509_CRL(bio, NULL, COpenSSL_no_passphrase, NULL);
}

// Whether the last error only says that there is no further PEM block.
static inline int COpenSSL_ERR_is_end_of_pem(void) {
    unsigned long code = ERR_peek_last_error();
    return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

static inline int COpenSSL_sk_DIST_POINT_num(const STACK_OF(DIST_POINT) *stack) { return sk_DIST_POINT_num(stack); }
static inline DIST_POINT *COpenSSL_sk_DIST_POINT_value(const STACK_OF(DIST_POINT) *stack, int index) {
    return sk_DIST_POINT_value(stack, index);
}
static inline int COpenSSL_sk_GENERAL_NAME_num(const STACK_OF(GENERAL_NAME) *stack) {
    return sk_GENERAL_NAME_num(stack);
}
static inline GENERAL_NAME *COpenSSL_sk_GENERAL_NAME_value(const STACK_OF(GENERAL_NAME) *stack, int index) {
    return sk_GENERAL_NAME_value(stack, index);
}
// The full names of a distribution point; NULL when it is given in another form (RFC 5280 4.2.1.13).
static inline const STACK_OF(GENERAL_NAME) *COpenSSL_DIST_POINT_full_names(const DIST_POINT *point) {
    return point->distpoint != NULL && point->distpoint->type == 0 ? point->distpoint->name.fullname : NULL;
}
static inline const STACK_OF(GENERAL_NAME) *COpenSSL_DIST_POINT_issuers(const DIST_POINT *point) {
    return point->CRLissuer;
}
// The text of a uniformResourceIdentifier, the name of a directoryName; NULL for other kinds.
static inline const ASN1_STRING *COpenSSL_GENERAL_NAME_uri(const GENERAL_NAME *name) {
    return name->type == GEN_URI ? name->d.uniformResourceIdentifier : NULL;
}
static inline const X509_NAME *COpenSSL_GENERAL_NAME_directory(const GENERAL_NAME *name) {
    return name->type == GEN_DIRNAME ? name->d.directoryName : NULL;
}
static inline int COpenSSL_sk_OPENSSL_STRING_num(const STACK_OF(OPENSSL_STRING) *stack) {
    return sk_OPENSSL_STRING_num(stack);
}
static inline const char *COpenSSL_sk_OPENSSL_STRING_value(const STACK_OF(OPENSSL_STRING) *stack, int index) {
    return sk_OPENSSL_STRING_value(stack, index);
}
static inline int COpenSSL_sk_X509_REVOKED_num(const STACK_OF(X509_REVOKED) *stack) {
    return sk_X509_REVOKED_num(stack);
}
static inline X509_REVOKED *COpenSSL_sk_X509_REVOKED_value(const STACK_OF(X509_REVOKED) *stack, int index) {
    return sk_X509_REVOKED_value(stack, index);
}

// Keys in tokens.
#include "token.h"

#endif
