// @ts-check
/** All charts, in the order in which data flows through them. */

import { data } from "./data.js";
import { discriminator } from "./discriminator.js";
import { distances } from "./distances.js";
import { generator } from "./generator.js";
import { losses } from "./losses.js";
import { noise } from "./noise.js";
import { readouts } from "./readouts.js";

/** @type {import("./types.js").Chart[]} */
export const charts = [noise, generator, data, discriminator, readouts, losses, distances];
