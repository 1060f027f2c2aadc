// What Swift cannot take from librabbitmq's headers as they are: header names that moved between versions,
// and the variadic amqp_login. Everything added here is prefixed CRabbitMQ_.
#ifndef CRABBITMQ_SHIM_H
#define CRABBITMQ_SHIM_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif

/// prctl is variadic. Names the calling thread for ps and debuggers, at most 15 characters.
static inline void CRabbitMQ_nameThread(const char *name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

static inline amqp_table_entry_t CRabbitMQ_flag(const char *name) {
    amqp_table_entry_t entry;
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

/// amqp_login with the capabilities that the client relies on: without `connection.blocked` and
/// `consumer_cancel_notify` the broker keeps both events to itself. librabbitmq adds its own to these.
/// `user` NULL means SASL EXTERNAL, that is: who we are stands in the client certificate.
static inline amqp_rpc_reply_t CRabbitMQ_login(amqp_connection_state_t state, const char *vhost, int frame_max,
                                               int heartbeat, const char *connection_name, const char *user,
                                               const char *password) {
    amqp_table_entry_t capabilities[4];
    capabilities[0] = CRabbitMQ_flag("connection.blocked");
    capabilities[1] = CRabbitMQ_flag("consumer_cancel_notify");
    capabilities[2] = CRabbitMQ_flag("publisher_confirms");
    capabilities[3] = CRabbitMQ_flag("basic.nack");

    amqp_table_entry_t entries[2];
    entries[0].key = amqp_cstring_bytes("capabilities");
    entries[0].value.kind = AMQP_FIELD_KIND_TABLE;
    entries[0].value.value.table.num_entries = 4;
    entries[0].value.value.table.entries = capabilities;
    entries[1].key = amqp_cstring_bytes("connection_name");
    entries[1].value.kind = AMQP_FIELD_KIND_UTF8;
    entries[1].value.value.bytes = amqp_cstring_bytes(connection_name);

    amqp_table_t properties;
    properties.num_entries = 2;
    properties.entries = entries;
    if (user == NULL) {
        // The broker ignores the identity, but librabbitmq reports an empty one as AMQP_STATUS_NO_MEMORY.
        return amqp_login_with_properties(state, vhost, 0, frame_max, heartbeat, &properties,
                                          AMQP_SASL_METHOD_EXTERNAL, "certificate");
    }
    return amqp_login_with_properties(state, vhost, 0, frame_max, heartbeat, &properties, AMQP_SASL_METHOD_PLAIN,
                                      user, password);
}

#endif
