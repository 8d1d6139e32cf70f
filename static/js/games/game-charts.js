// @ts-check
/** All charts of a game. */

import { gameDistances } from "./distance-chart.js";
import { spectrum } from "./eigenvalue-chart.js";
import { plane } from "./plane-chart.js";

export const gameCharts = [plane, spectrum, gameDistances];
