// PKCS#11 2.40 for Swift: what a signature takes of Cryptoki's table of functions. Written after the standard's
// chapters 3 (types) and 5 (functions), since its header is in no package that libcrypto needs.
#ifndef COpenSSL_token_h
#define COpenSSL_token_h

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

typedef unsigned long COpenSSL_ck;
typedef struct { COpenSSL_ck type; void *value; COpenSSL_ck length; } COpenSSL_ck_attribute;
typedef struct { COpenSSL_ck mechanism; const void *parameter; COpenSSL_ck length; } COpenSSL_ck_mechanism;
typedef struct { COpenSSL_ck digest, generator, saltLength; } COpenSSL_ck_pss;
typedef struct {
    unsigned char label[32], manufacturer[32], model[16], serial[16];
    COpenSSL_ck flags, counters[10];
    unsigned char versions[4], time[16];
} COpenSSL_ck_token;
typedef struct { unsigned char version[2]; void (*function[68])(void); } COpenSSL_ck_table;
typedef struct { void *create, *destroy, *lock, *unlock; COpenSSL_ck flags; void *reserved; } COpenSSL_ck_initialize;

// Positions in the table (PKCS#11 2.40, CK_FUNCTION_LIST).
enum {
    COpenSSL_ck_at_Initialize = 0, COpenSSL_ck_at_Finalize = 1, COpenSSL_ck_at_GetSlotList = 4,
    COpenSSL_ck_at_GetTokenInfo = 6, COpenSSL_ck_at_GetMechanismList = 7, COpenSSL_ck_at_OpenSession = 12,
    COpenSSL_ck_at_CloseSession = 13, COpenSSL_ck_at_GetSessionInfo = 15, COpenSSL_ck_at_Login = 18, COpenSSL_ck_at_GetAttributeValue = 24,
    COpenSSL_ck_at_FindObjectsInit = 26, COpenSSL_ck_at_FindObjects = 27, COpenSSL_ck_at_FindObjectsFinal = 28,
    COpenSSL_ck_at_SignInit = 42, COpenSSL_ck_at_Sign = 43,
};
#define COpenSSL_ck_call(table, name, ...) \
    (((COpenSSL_ck (*)(__VA_ARGS__))(table)->function[COpenSSL_ck_at_##name]))

// The module's table; NULL when the file is no PKCS#11 2 module. A module is never unloaded.
static inline const COpenSSL_ck_table *COpenSSL_ck_load(const char *path) {
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL) return NULL;
    COpenSSL_ck (*list)(COpenSSL_ck_table **) =
        (COpenSSL_ck (*)(COpenSSL_ck_table **))dlsym(module, "C_GetFunctionList");
    COpenSSL_ck_table *table = NULL;
    if (list == NULL || list(&table) != 0 || table == NULL || table->version[0] != 2) return NULL;
    return table;
}
// CKF_OS_LOCKING_OK: called from several threads, with the system's own locks.
static inline COpenSSL_ck COpenSSL_C_Initialize(const COpenSSL_ck_table *table) {
    COpenSSL_ck_initialize arguments = {NULL, NULL, NULL, NULL, 2, NULL};
    return COpenSSL_ck_call(table, Initialize, void *)(&arguments);
}
static inline COpenSSL_ck COpenSSL_C_Finalize(const COpenSSL_ck_table *table) {
    return COpenSSL_ck_call(table, Finalize, void *)(NULL);
}
// Slots that hold a token.
static inline COpenSSL_ck COpenSSL_C_GetSlotList(
    const COpenSSL_ck_table *table, COpenSSL_ck *slots, COpenSSL_ck *count) {
    return COpenSSL_ck_call(table, GetSlotList, unsigned char, COpenSSL_ck *, COpenSSL_ck *)(1, slots, count);
}
static inline COpenSSL_ck COpenSSL_C_GetTokenInfo(
    const COpenSSL_ck_table *table, COpenSSL_ck slot, COpenSSL_ck_token *token) {
    memset(token, 0, sizeof *token);
    return COpenSSL_ck_call(table, GetTokenInfo, COpenSSL_ck, COpenSSL_ck_token *)(slot, token);
}
static inline COpenSSL_ck COpenSSL_C_GetMechanismList(
    const COpenSSL_ck_table *table, COpenSSL_ck slot, COpenSSL_ck *mechanisms, COpenSSL_ck *count) {
    return COpenSSL_ck_call(table, GetMechanismList, COpenSSL_ck, COpenSSL_ck *, COpenSSL_ck *)(
        slot, mechanisms, count);
}
// A read-only session (CKF_SERIAL_SESSION).
static inline COpenSSL_ck COpenSSL_C_OpenSession(
    const COpenSSL_ck_table *table, COpenSSL_ck slot, COpenSSL_ck *session) {
    return COpenSSL_ck_call(table, OpenSession, COpenSSL_ck, COpenSSL_ck, void *, void *, COpenSSL_ck *)(
        slot, 4, NULL, NULL, session);
}
static inline COpenSSL_ck COpenSSL_C_CloseSession(const COpenSSL_ck_table *table, COpenSSL_ck session) {
    return COpenSSL_ck_call(table, CloseSession, COpenSSL_ck)(session);
}
// Whether the session is that of the logged in user (CKS_RO_USER_FUNCTIONS).
static inline int COpenSSL_ck_is_logged_in(const COpenSSL_ck_table *table, COpenSSL_ck session) {
    COpenSSL_ck information[4] = {0, 0, 0, 0};
    return COpenSSL_ck_call(table, GetSessionInfo, COpenSSL_ck, COpenSSL_ck *)(session, information) == 0
        && information[1] == 1;
}
// As the user (CKU_USER).
static inline COpenSSL_ck COpenSSL_C_Login(
    const COpenSSL_ck_table *table, COpenSSL_ck session, const unsigned char *pin, COpenSSL_ck length) {
    return COpenSSL_ck_call(table, Login, COpenSSL_ck, COpenSSL_ck, const unsigned char *, COpenSSL_ck)(
        session, 1, pin, length);
}
static inline COpenSSL_ck COpenSSL_C_GetAttributeValue(
    const COpenSSL_ck_table *table, COpenSSL_ck session, COpenSSL_ck object, COpenSSL_ck type, void *value,
    COpenSSL_ck *length) {
    COpenSSL_ck_attribute attribute = {type, value, *length};
    COpenSSL_ck result = COpenSSL_ck_call(
        table, GetAttributeValue, COpenSSL_ck, COpenSSL_ck, COpenSSL_ck_attribute *, COpenSSL_ck)(
        session, object, &attribute, 1);
    *length = attribute.length;
    return result;
}
// Private keys (CKO_PRIVATE_KEY) with this label and identifier, where given; at most `*count` of them.
static inline COpenSSL_ck COpenSSL_C_FindPrivateKeys(
    const COpenSSL_ck_table *table, COpenSSL_ck session, const unsigned char *label, COpenSSL_ck labelLength,
    const unsigned char *identifier, COpenSSL_ck identifierLength, COpenSSL_ck *keys, COpenSSL_ck *count) {
    COpenSSL_ck kind = 3, wanted = 1, limit = *count;
    COpenSSL_ck_attribute attributes[3] = {{0x000, &kind, sizeof kind}};
    if (label != NULL) attributes[wanted++] = (COpenSSL_ck_attribute){0x003, (void *)label, labelLength};
    if (identifier != NULL) attributes[wanted++] = (COpenSSL_ck_attribute){0x102, (void *)identifier, identifierLength};
    *count = 0;
    COpenSSL_ck result = COpenSSL_ck_call(
        table, FindObjectsInit, COpenSSL_ck, COpenSSL_ck_attribute *, COpenSSL_ck)(session, attributes, wanted);
    if (result != 0) return result;
    result = COpenSSL_ck_call(table, FindObjects, COpenSSL_ck, COpenSSL_ck *, COpenSSL_ck, COpenSSL_ck *)(
        session, keys, limit, count);
    COpenSSL_ck ended = COpenSSL_ck_call(table, FindObjectsFinal, COpenSSL_ck)(session);
    return result != 0 ? result : ended;
}
// `pss` is NULL for mechanisms without parameters.
static inline COpenSSL_ck COpenSSL_C_Sign(
    const COpenSSL_ck_table *table, COpenSSL_ck session, COpenSSL_ck key, COpenSSL_ck mechanism,
    const COpenSSL_ck_pss *pss, const unsigned char *data, COpenSSL_ck length, unsigned char *signature,
    COpenSSL_ck *signatureLength) {
    COpenSSL_ck_mechanism how = {mechanism, pss, pss == NULL ? 0 : sizeof *pss};
    COpenSSL_ck result = COpenSSL_ck_call(table, SignInit, COpenSSL_ck, COpenSSL_ck_mechanism *, COpenSSL_ck)(
        session, &how, key);
    if (result != 0) return result;
    return COpenSSL_ck_call(
        table, Sign, COpenSSL_ck, const unsigned char *, COpenSSL_ck, unsigned char *, COpenSSL_ck *)(
        session, data, length, signature, signatureLength);
}

#endif
