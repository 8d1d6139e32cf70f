/* A network, its passes and Adam.

   Activations are feature-major, (units, columns), so that every inner loop runs along the batch, which is padded to
   whole tiles. A layer's parameters are (inputs + 1, outputs), the last row holds the biases; all of a network's
   parameters are one vector. Sums are kept in registers a tile at a time, in the vector types that GCC and Clang share;
   the rest is left to the compiler's vectorizer (-O3 -march=native -ffast-math). */

#pragma once

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS = 8, ROWS = 8, CORNER = 4 };
#ifdef __AVX512F__
enum { LANES = 16, PIECES = 2 };
#elif defined(__AVX__)
enum { LANES = 8, PIECES = 2 };
#else
enum { LANES = 4, PIECES = 2 };
#endif
enum { COLUMNS = LANES * PIECES };

typedef float Vector __attribute__((vector_size(4 * LANES), may_alias));

#define INLINE static inline __attribute__((always_inline))

static const float LEARNING_RATE = 1e-3f, BETA1 = 0.5f, BETA2 = 0.999f, EPS = 1e-8f, LEAK = 0.2f;
static int leaky;

static float *zeros(size_t count) {
    size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
    float *room = aligned_alloc(64, bytes);
    if (!room) exit(2);
    return memset(room, 0, bytes);
}

/* Floats from one row of a buffer to the next: an odd number of vectors, or the rows would fall into the same few
   sets of the cache. */
INLINE size_t stride(int columns) { return columns + LANES; }

/* ---- Products of matrices ---- */

/* For `rows` outputs and one tile of columns: s = bias + sum over inputs of weight * a. */
INLINE void mix_tile(const int rows, int inputs, int columns, const float *weights, int along_inputs, int along_outputs,
                     const float *bias, const float *a, float *s) {
    Vector sum[ROWS][PIECES];
    for (int r = 0; r < rows; r++)
        for (int p = 0; p < PIECES; p++) sum[r][p] = (Vector){0} + (bias ? bias[r] : 0.0f);
    for (int i = 0; i < inputs; i++) {
        Vector piece[PIECES];
        for (int p = 0; p < PIECES; p++) piece[p] = ((const Vector *)(a + i * stride(columns)))[p];
        for (int r = 0; r < rows; r++)
            for (int p = 0; p < PIECES; p++) sum[r][p] += weights[i * along_inputs + r * along_outputs] * piece[p];
    }
    for (int r = 0; r < rows; r++)
        for (int p = 0; p < PIECES; p++) ((Vector *)(s + r * stride(columns)))[p] = sum[r][p];
}

/* s (outputs, columns) from a (inputs, columns); the strides say whether weights are read along or across. */
static void mix(int inputs, int outputs, int columns, const float *weights, int along_inputs, int along_outputs,
                const float *bias, const float *a, float *s) {
    for (int c = 0; c < columns; c += COLUMNS) {
        int o = 0;
        for (; o + ROWS <= outputs; o += ROWS)
            mix_tile(ROWS, inputs, columns, weights + o * along_outputs, along_inputs, along_outputs,
                     bias ? bias + o : NULL, a + c, s + o * stride(columns) + c);
        for (; o < outputs; o++)
            mix_tile(1, inputs, columns, weights + o * along_outputs, along_inputs, along_outputs,
                     bias ? bias + o : NULL, a + c, s + o * stride(columns) + c);
    }
}

INLINE float total(Vector v) {
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += v[lane];
    return sum;
}

/* dW[i][o] = sum over columns of a[i] * ds[o], for a tile of weights. */
INLINE void correlate_tile(const int rows, const int across, int columns, int outputs, const float *a, const float *ds,
                           float *gradient) {
    Vector sum[CORNER][CORNER];
    for (int i = 0; i < rows; i++)
        for (int o = 0; o < across; o++) sum[i][o] = (Vector){0};
    for (int c = 0; c < columns; c += LANES)
        for (int i = 0; i < rows; i++) {
            const Vector left = *(const Vector *)(a + i * stride(columns) + c);
            for (int o = 0; o < across; o++) sum[i][o] += left * *(const Vector *)(ds + o * stride(columns) + c);
        }
    for (int i = 0; i < rows; i++)
        for (int o = 0; o < across; o++) gradient[i * outputs + o] = total(sum[i][o]);
}

static void correlate(int inputs, int outputs, int columns, const float *a, const float *ds, float *gradient) {
    for (int i = 0; i < inputs; i += i + CORNER <= inputs ? CORNER : 1)
        for (int o = 0; o < outputs; o += o + CORNER <= outputs ? CORNER : 1) {
            const float *a_i = a + i * stride(columns), *ds_o = ds + o * stride(columns);
            float *corner = gradient + i * outputs + o;
            const int tall = i + CORNER <= inputs, wide = o + CORNER <= outputs;
            if (tall && wide) correlate_tile(CORNER, CORNER, columns, outputs, a_i, ds_o, corner);
            else if (tall) correlate_tile(CORNER, 1, columns, outputs, a_i, ds_o, corner);
            else if (wide) correlate_tile(1, CORNER, columns, outputs, a_i, ds_o, corner);
            else correlate_tile(1, 1, columns, outputs, a_i, ds_o, corner);
        }
    for (int o = 0; o < outputs; o++) {
        Vector sum = {0};
        for (int c = 0; c < columns; c += LANES) sum += *(const Vector *)(ds + o * stride(columns) + c);
        gradient[inputs * outputs + o] = total(sum);
    }
}

/* ---- A network ---- */

typedef struct {
    int layers, sizes[LAYERS + 1], count, updates;
    float *parameters, *gradient, *mean, *square;
    int start[LAYERS];
} Network;

typedef struct {
    int columns;
    float *h[LAYERS + 1], *ds[LAYERS + 1];
} Room;

static Network network(const int *sizes, int layers) {
    Network n = {.layers = layers};
    memcpy(n.sizes, sizes, sizeof(int) * (layers + 1));
    for (int l = 0; l < layers; l++) {
        n.start[l] = n.count;
        n.count += (sizes[l] + 1) * sizes[l + 1];
    }
    n.parameters = zeros(n.count), n.gradient = zeros(n.count), n.mean = zeros(n.count), n.square = zeros(n.count);
    return n;
}

static Room room(const Network *n, int batch) {
    Room r = {.columns = (batch + COLUMNS - 1) / COLUMNS * COLUMNS};
    for (int l = 0; l <= n->layers; l++) {
        r.h[l] = zeros(n->sizes[l] * stride(r.columns));
        r.ds[l] = zeros(n->sizes[l] * stride(r.columns));
    }
    return r;
}

/* 1 - 2 / (e^2x + 1), to 1e-7; e^2x = 2^k 2^f with |f| <= 1/2 by Taylor's series, coefficients (ln 2)^n / n!. */
INLINE float hyperbolic_tangent(float x) {
    const float exponent = 2.8853901f * fminf(fmaxf(x, -10.0f), 10.0f), whole = rintf(exponent), f = exponent - whole;
    const float series =
        1.0f + f * (6.9314718e-1f + f * (2.4022651e-1f + f * (5.5504109e-2f +
        f * (9.6181291e-3f + f * (1.3333558e-3f + f * 1.5403530e-4f)))));
    const union { int32_t bits; float value; } power = {((int32_t)whole + 127) << 23};
    return 1.0f - 2.0f / (series * power.value + 1.0f);
}

static void activate(float *restrict s, size_t count) {
    if (leaky)
        for (size_t i = 0; i < count; i++) s[i] = s[i] > 0 ? s[i] : LEAK * s[i];
    else
        for (size_t i = 0; i < count; i++) s[i] = hyperbolic_tangent(s[i]);
}

static void times_slope(const float *restrict h, float *restrict ds, size_t count) {
    if (leaky)
        for (size_t i = 0; i < count; i++) ds[i] *= h[i] > 0 ? 1.0f : LEAK;
    else
        for (size_t i = 0; i < count; i++) ds[i] *= 1.0f - h[i] * h[i];
}

static float *forward(const Network *n, Room *r) {
    for (int l = 0; l < n->layers; l++) {
        const float *weights = n->parameters + n->start[l];
        const int inputs = n->sizes[l], outputs = n->sizes[l + 1];
        mix(inputs, outputs, r->columns, weights, outputs, 1, weights + inputs * outputs, r->h[l], r->h[l + 1]);
        if (l + 1 < n->layers) activate(r->h[l + 1], outputs * stride(r->columns));
    }
    return r->h[n->layers];
}

/* From r->ds of the last layer down; either the gradient of the parameters or that of the input is wanted. */
static void backward(Network *n, Room *r, int wants_input) {
    for (int l = n->layers - 1; l >= 0; l--) {
        const int inputs = n->sizes[l], outputs = n->sizes[l + 1];
        if (!wants_input) correlate(inputs, outputs, r->columns, r->h[l], r->ds[l + 1], n->gradient + n->start[l]);
        if (l == 0 && !wants_input) return;
        mix(outputs, inputs, r->columns, n->parameters + n->start[l], 1, outputs, NULL, r->ds[l + 1], r->ds[l]);
        if (l > 0) times_slope(r->h[l], r->ds[l], inputs * stride(r->columns));
    }
}

static void adam(Network *n) {
    n->updates++;
    const double correction = sqrt(1 - pow(BETA2, n->updates));
    const float rate = LEARNING_RATE * correction / (1 - pow(BETA1, n->updates)), eps = EPS * correction;
    float *restrict p = n->parameters, *restrict m = n->mean, *restrict v = n->square;
    const float *restrict g = n->gradient;
    for (int i = 0; i < n->count; i++) {
        m[i] += (1 - BETA1) * (g[i] - m[i]);
        v[i] += (1 - BETA2) * (g[i] * g[i] - v[i]);
        p[i] -= rate * m[i] / (sqrtf(v[i]) + eps);
    }
}
