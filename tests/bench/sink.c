/* The cheapest HTTP platform there can be: answers 200 {} to every request, so that a benchmark
 * measures the client. One thread, epoll, keep-alive, any number of connections up to the limit
 * below. On SIGUSR1 it prints how many requests it answered so far, how many bytes their bodies
 * had, and its monotonic clock in nanoseconds; on SIGINT or SIGTERM it ends with the same line.
 *
 * usage: sink [PORT]      0 or nothing: any free port. Prints "listening PORT" when ready.
 *
 * It reads just enough HTTP to find the end of a request: the blank line and Content-Length. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { kConnectionsMax = 4096, kBufferBytes = 65536, kEventsMax = 256 };

static const char kAnswer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                              "Content-Length: 2\r\n\r\n{}";

struct connection {
    size_t used; /* bytes in buffer */
    size_t skip; /* bytes of a body that are still to come and are thrown away */
    char buffer[kBufferBytes];
};

static struct connection* connections[kConnectionsMax];
static volatile sig_atomic_t isStopping;
static volatile sig_atomic_t isAsked;
static unsigned long long answered;
static unsigned long long bodyBytes;

static void on_signal(int number)
{
    if (number == SIGUSR1)
        isAsked = 1;
    else
        isStopping = 1;
}

static size_t content_length(const char* head, size_t length)
{
    static const char name[] = "\r\ncontent-length:";
    const size_t nameLength = sizeof name - 1;
    for (size_t at = 0; at + nameLength < length; ++at)
        if (head[at] == '\r' && strncasecmp(head + at, name, nameLength) == 0)
            return (size_t)strtoull(head + at + nameLength, NULL, 10);
    return 0;
}

/* Takes whole requests off the front; returns how many, or -1 when a head does not fit. */
static int take_requests(struct connection* c)
{
    int count = 0;
    size_t at = 0;
    for (;;) {
        const size_t there = c->used - at;
        const size_t skipped = there < c->skip ? there : c->skip;
        at += skipped;
        c->skip -= skipped;
        if (c->skip > 0)
            break;
        const char* const end = memmem(c->buffer + at, c->used - at, "\r\n\r\n", 4);
        if (!end)
            break;
        const size_t head = (size_t)(end - (c->buffer + at)) + 4;
        c->skip = content_length(c->buffer + at, head);
        bodyBytes += c->skip;
        at += head;
        ++count; /* answered before its body is whole: fair enough for a sink */
    }
    memmove(c->buffer, c->buffer + at, c->used - at);
    c->used -= at;
    return c->used == kBufferBytes ? -1 : count;
}

static int serve(int descriptor)
{
    struct connection* const c = connections[descriptor];
    const ssize_t got = recv(descriptor, c->buffer + c->used, kBufferBytes - c->used, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        return -1;
    if (got < 0)
        return 0;
    c->used += (size_t)got;
    for (int left = take_requests(c); left != 0; --left) {
        /* A short write can only come when the peer does not read its answers. */
        if (left < 0
            || send(descriptor, kAnswer, sizeof kAnswer - 1, MSG_NOSIGNAL)
                != (ssize_t)(sizeof kAnswer - 1))
            return -1;
        ++answered;
    }
    return 0;
}

static void accept_one(int epoll, int listener)
{
    const int one = 1;
    const int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0)
        return;
    if (descriptor >= kConnectionsMax
        || !(connections[descriptor] = malloc(sizeof(struct connection)))) {
        close(descriptor);
        return;
    }
    connections[descriptor]->used = connections[descriptor]->skip = 0;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = descriptor };
    epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

static int listen_on(unsigned short port)
{
    const int one = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
    };
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr*)&address, length) != 0 || listen(listener, 1024) != 0
        || getsockname(listener, (struct sockaddr*)&address, &length) != 0) {
        perror("sink");
        exit(1);
    }
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void print_count(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("answered %llu bytes %llu at %lld\n", answered, bodyBytes,
        (long long)now.tv_sec * 1000000000LL + now.tv_nsec);
    fflush(stdout);
}

int main(int argc, char** argv)
{
    const struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    const int listener = listen_on((unsigned short)(argc > 1 ? atoi(argv[1]) : 0));
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = listener };
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    while (!isStopping) {
        struct epoll_event events[kEventsMax];
        /* Not for ever: a signal may arrive just before the wait. */
        const int count = epoll_wait(epoll, events, kEventsMax, 50);
        if (isAsked) {
            isAsked = 0;
            print_count();
        }
        for (int i = 0; i < count; ++i) {
            const int descriptor = events[i].data.fd;
            if (descriptor == listener) {
                accept_one(epoll, listener);
            } else if (serve(descriptor) != 0) {
                close(descriptor);
                free(connections[descriptor]);
                connections[descriptor] = NULL;
            }
        }
    }
    print_count();
    return 0;
}
