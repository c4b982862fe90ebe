// lineload: closed-loop load on a line protocol server over loopback.
// usage: lineload PORT CONNS PIPELINE SECONDS LINES_PER_REPLY 'REQUEST TEMPLATE' [KEYS] [THREADS]
//   In the template %k is a random key number below KEYS, %c the connection number, %n a request counter; CRLF is appended
//   at the end and wherever the template says \n.  A reply is complete after LINES_PER_REPLY line feeds.
// prints: requests, seconds, req/s, and the latency of a whole pipelined batch (p50 p99 p999 max, us).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port, conns, pipeline, lines, keys = 100000, threads = 1;
static double seconds;
static const char *tmpl;

typedef struct { int fd, id; int pending; size_t out_len, out_off; char *out; size_t cap; double sent; unsigned long n; } conn;
typedef struct { int first, count; unsigned long done; double *lat; size_t nlat, caplat; unsigned errors; char sample[200]; } worker;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static uint64_t rnd(uint64_t *s) { uint64_t x = *s; x ^= x << 13; x ^= x >> 7; x ^= x << 17; return *s = x; }

static void fill(conn *c, uint64_t *seed) {
  c->out_len = c->out_off = 0;
  for (int i = 0; i < pipeline; i++) {
    if (c->cap < c->out_len + 4096 + strlen(tmpl) * 4) { c->cap = c->cap * 2 + 16384 + strlen(tmpl) * 4; c->out = realloc(c->out, c->cap); }
    for (const char *p = tmpl; *p; p++) {
      if (p[0] == '%' && p[1] == 'k') { c->out_len += sprintf(c->out + c->out_len, "%d", (int)(rnd(seed) % keys)); p++; }
      else if (p[0] == '%' && p[1] == 'c') { c->out_len += sprintf(c->out + c->out_len, "%d", c->id); p++; }
      else if (p[0] == '%' && p[1] == 'n') { c->out_len += sprintf(c->out + c->out_len, "%lu", c->n); p++; }
      else if (p[0] == '\\' && p[1] == 'n') { c->out[c->out_len++] = '\r'; c->out[c->out_len++] = '\n'; p++; }
      else c->out[c->out_len++] = *p;
    }
    c->out[c->out_len++] = '\r'; c->out[c->out_len++] = '\n';
    c->n++;
  }
  c->pending = pipeline * lines;
  c->sent = now();
}
static int flush_out(conn *c) {
  while (c->out_off < c->out_len) {
    ssize_t w = send(c->fd, c->out + c->out_off, c->out_len - c->out_off, MSG_NOSIGNAL);
    if (w < 0) { if (errno == EAGAIN) return 0; return -1; }
    c->out_off += w;
  }
  return 1;
}
static void *run(void *arg) {
  worker *w = arg;
  int ep = epoll_create1(0);
  conn *cs = calloc(w->count, sizeof *cs);
  uint64_t seed = 88172645463325252ull + w->first * 7919;
  for (int i = 0; i < w->count; i++) {
    conn *c = cs + i; c->id = w->first + i;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)}; a.sin_addr.s_addr = htonl(0x7f000001);
    if (connect(c->fd, (void *)&a, sizeof a)) { perror("connect"); exit(2); }
    int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c}; epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
  }
  double end = now() + seconds;
  for (int i = 0; i < w->count; i++) { fill(cs + i, &seed); flush_out(cs + i); }
  char buf[1 << 16]; struct epoll_event ev[256]; int live = w->count;
  while (live > 0) {
    int n = epoll_wait(ep, ev, 256, 1000);
    double t = now();
    if (n == 0 && t > end + 5) { w->errors += live; break; }
    for (int i = 0; i < n; i++) {
      conn *c = ev[i].data.ptr;
      for (;;) {
        ssize_t r = recv(c->fd, buf, sizeof buf, 0);
        if (r < 0) { if (errno == EAGAIN) break; r = 0; }
        if (r == 0) { w->errors++; live--; close(c->fd); break; }
        if (!w->sample[0]) { size_t m = r < 120 ? r : 120; memcpy(w->sample, buf, m); }
        for (char *p = buf; (p = memchr(p, '\n', buf + r - p)); p++) c->pending--;
        if (c->out_off < c->out_len) flush_out(c);
        if (c->pending <= 0) {
          double d = now();
          if (w->nlat == w->caplat) { w->caplat = w->caplat * 2 + 4096; w->lat = realloc(w->lat, w->caplat * sizeof(double)); }
          w->lat[w->nlat++] = d - c->sent; w->done += pipeline;
          if (d < end) { fill(c, &seed); flush_out(c); } else { live--; close(c->fd); break; }
        }
        if (r < (ssize_t)sizeof buf) break;
      }
      if (c->out_off < c->out_len) flush_out(c);
    }
  }
  return 0;
}
static int cmp(const void *a, const void *b) { double x = *(double *)a, y = *(double *)b; return x < y ? -1 : x > y; }
int main(int argc, char **argv) {
  if (argc < 7) { fprintf(stderr, "usage: lineload PORT CONNS PIPELINE SECONDS LINES_PER_REPLY TEMPLATE [KEYS] [THREADS]\n"); return 2; }
  port = atoi(argv[1]); conns = atoi(argv[2]); pipeline = atoi(argv[3]); seconds = atof(argv[4]); lines = atoi(argv[5]); tmpl = argv[6];
  if (argc > 7) keys = atoi(argv[7]);
  if (argc > 8) threads = atoi(argv[8]);
  worker *ws = calloc(threads, sizeof *ws); pthread_t *ts = calloc(threads, sizeof *ts);
  double t0 = now();
  for (int i = 0, at = 0; i < threads; i++) { ws[i].first = at; ws[i].count = (conns - at) / (threads - i); at += ws[i].count; pthread_create(ts + i, 0, run, ws + i); }
  unsigned long done = 0; size_t nl = 0; unsigned err = 0;
  for (int i = 0; i < threads; i++) { pthread_join(ts[i], 0); done += ws[i].done; nl += ws[i].nlat; err += ws[i].errors; }
  double dt = now() - t0;
  double *all = malloc(nl * sizeof *all + 8); size_t k = 0;
  for (int i = 0; i < threads; i++) { memcpy(all + k, ws[i].lat, ws[i].nlat * sizeof *all); k += ws[i].nlat; }
  qsort(all, nl, sizeof *all, cmp);
  #define P(q) (nl ? all[(size_t)(q * (nl - 1))] * 1e6 : 0)
  printf("%lu requests %.2f s %.0f req/s batch-us p50 %.1f p99 %.0f p999 %.0f max %.0f errors %u\n", done, dt, done / dt, P(.5), P(.99), P(.999), P(1), err);
  if (getenv("SAMPLE")) printf("sample: %.120s\n", ws[0].sample);
  return err ? 1 : 0;
}
