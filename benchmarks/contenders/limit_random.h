/* Random numbers: xoshiro128+ (Blackman & Vigna 2018, arXiv:1805.01407), as many streams side by side as a vector has
   lanes, and normals by Box & Muller (1958). */

#pragma once

#include <math.h>
#include <stdint.h>

enum { STREAMS = 16 };
static uint32_t state[4][STREAMS];

static void seed(uint64_t x) {
    for (int word = 0; word < 4; word++)
        for (int i = 0; i < STREAMS; i++) {
            uint64_t z = (x += 0x9e3779b97f4a7c15u); /* splitmix64 */
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
            state[word][i] = (z ^ (z >> 31)) >> 32;
        }
}

/* In (0, 1); `count` is a multiple of STREAMS. */
static void uniforms(float *restrict out, int count) {
    for (int n = 0; n < count; n += STREAMS)
        for (int i = 0; i < STREAMS; i++) {
            const uint32_t sum = state[0][i] + state[3][i], t = state[1][i] << 9;
            state[2][i] ^= state[0][i];
            state[3][i] ^= state[1][i];
            state[1][i] ^= state[2][i];
            state[0][i] ^= state[3][i];
            state[2][i] ^= t;
            state[3][i] = (state[3][i] << 11) | (state[3][i] >> 21);
            out[n + i] = ((int32_t)(sum >> 8) + 0.5f) * 0x1p-24f;
        }
}

/* The least number not below `count` that `normals` can draw. */
static int drawable(int count) { return (count + 2 * STREAMS - 1) / (2 * STREAMS) * 2 * STREAMS; }

/* `count` is a multiple of 2 STREAMS. */
static void normals(float *restrict u, int count) {
    const int half = count / 2;
    uniforms(u, count);
    for (int i = 0; i < half; i++) {
        const float radius = sqrtf(-2.0f * logf(u[i])), angle = 6.2831853f * u[half + i];
        u[i] = radius * cosf(angle);
        u[half + i] = radius * cosf(angle - 1.5707963f); /* GCC joins sinf and cosf, and cannot vectorize that */
    }
}
