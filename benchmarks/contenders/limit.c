/* The same training step as close to the machine as readable C comes: what a faster engine could still gain.

       limit HIDDEN BATCH ACTIVATION        such as: limit 16-16 64 tanh

   then answers the lines of benchmarks/game.py on stdin, and `draw`, which shows the batches of one step. A step
   allocates nothing. */

#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>

#include "limit_network.h"
#include "limit_random.h"

static Network generator, discriminator;
static Room fakes, pair, judged;
static int batch, padded;
static float *drawn, *chosen;

INLINE float sigmoid(float s) { return 1.0f / (1.0f + expf(-s)); }
INLINE float softplus(float s) { return fmaxf(s, 0.0f) + logf(1.0f + expf(-fabsf(s))); }

static float discriminator_turn(const float *real, const float *noise) {
    memcpy(fakes.h[0], noise, sizeof(float) * batch);
    memcpy(pair.h[0], real, sizeof(float) * batch);
    memcpy(pair.h[0] + batch, forward(&generator, &fakes), sizeof(float) * batch);
    const float *restrict scores = forward(&discriminator, &pair);
    float *restrict ds = pair.ds[discriminator.layers], loss = 0;
    for (int i = 0; i < batch; i++) {
        loss += softplus(-scores[i]) + softplus(scores[batch + i]);
        ds[i] = (sigmoid(scores[i]) - 1.0f) * (0.5f / batch);
        ds[batch + i] = sigmoid(scores[batch + i]) * (0.5f / batch);
    }
    backward(&discriminator, &pair, 0);
    adam(&discriminator);
    return loss / (2 * batch);
}

static float generator_turn(const float *noise) {
    memcpy(fakes.h[0], noise, sizeof(float) * batch);
    memcpy(judged.h[0], forward(&generator, &fakes), sizeof(float) * batch);
    const float *restrict scores = forward(&discriminator, &judged);
    float *restrict ds = judged.ds[discriminator.layers], loss = 0;
    for (int i = 0; i < batch; i++) {
        loss += softplus(-scores[i]);
        ds[i] = (sigmoid(scores[i]) - 1.0f) / batch;
    }
    backward(&discriminator, &judged, 1);
    memcpy(fakes.ds[generator.layers], judged.ds[0], sizeof(float) * batch);
    backward(&generator, &fakes, 0);
    adam(&generator);
    return loss / batch;
}

/* Reals, noise for D's turn, noise for G's turn, `padded` apart. */
static void draw(void) {
    normals(drawn, 3 * padded);
    uniforms(chosen, padded);
    for (int i = 0; i < batch; i++) drawn[i] = 0.5f * drawn[i] + (chosen[i] < 0.5f ? -2.0f : 2.0f);
}

/* Xavier's spread with what is already there to draw from; biases 0. */
static void initialize(Network *n) {
    for (int l = 0; l < n->layers; l++) {
        const int count = n->sizes[l] * n->sizes[l + 1], room = drawable(count);
        float *values = zeros(room);
        normals(values, room);
        for (int i = 0; i < count; i++)
            n->parameters[n->start[l] + i] = values[i] * sqrtf(2.0f / (n->sizes[l] + n->sizes[l + 1]));
        free(values);
    }
}

static void run(long count) {
    struct timespec begun, ended;
    float loss_d = 0, loss_g = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
    for (long n = 0; n < count; n++) {
        draw();
        loss_d = discriminator_turn(drawn, drawn + padded);
        loss_g = generator_turn(drawn + 2 * padded);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    printf("%.9g %.9g %.9g\n", ended.tv_sec - begun.tv_sec + 1e-9 * (ended.tv_nsec - begun.tv_nsec), loss_d, loss_g);
}

static void read_numbers(char **text, float *out, int count) {
    for (int i = 0; i < count; i++) out[i] = strtof(*text, text);
}

static void restart(Network *n, char **text) {
    read_numbers(text, n->parameters, n->count);
    memset(n->mean, 0, sizeof(float) * n->count);
    memset(n->square, 0, sizeof(float) * n->count);
    n->updates = 0;
}

static void replay(char *text) {
    const long steps = strtol(text, &text, 10);
    float *batches = zeros((size_t)3 * batch);
    restart(&generator, &text), restart(&discriminator, &text);
    for (long step = 0; step < steps; step++) {
        read_numbers(&text, batches, 3 * batch);
        const float loss_d = discriminator_turn(batches, batches + batch);
        printf("%.9g %.9g ", loss_d, generator_turn(batches + 2 * batch));
    }
    for (int i = 0; i < generator.count; i++) printf("%.9g ", generator.parameters[i]);
    for (int i = 0; i < discriminator.count; i++) printf("%.9g ", discriminator.parameters[i]);
    printf("\n");
    free(batches);
}

static void show_draw(void) {
    draw();
    for (int part = 0; part < 3; part++)
        for (int i = 0; i < batch; i++) printf("%.9g ", drawn[part * padded + i]);
    printf("\n");
}

int main(int count, char **arguments) {
    if (count != 4) return fputs("Expected HIDDEN BATCH ACTIVATION.\n", stderr), 2;
    int sizes[LAYERS + 1] = {1}, layers = 1;
    for (char *text = arguments[1]; *text && layers < LAYERS; text += *text == '-')
        sizes[layers++] = strtol(text, &text, 10);
    sizes[layers] = 1;
    batch = atoi(arguments[2]);
    padded = drawable(batch);
    leaky = !strcmp(arguments[3], "leaky_relu");
    seed(1);
    generator = network(sizes, layers), discriminator = network(sizes, layers);
    fakes = room(&generator, batch), pair = room(&discriminator, 2 * batch), judged = room(&discriminator, batch);
    drawn = zeros((size_t)3 * padded), chosen = zeros(padded);
    initialize(&generator), initialize(&discriminator);
    printf("ready\n");
    char *line = NULL;
    size_t size = 0;
    while (fflush(stdout), getline(&line, &size, stdin) > 0) {
        if (!strncmp(line, "run ", 4)) run(atol(line + 4));
        else if (!strncmp(line, "replay ", 7)) replay(line + 7);
        else if (!strncmp(line, "draw", 4)) show_draw();
        else return fputs("Expected run, replay or draw.\n", stderr), 2;
    }
    free(line);
    return 0;
}
