/** The weighted energies at one iteration of the optimisation. */
export interface EnergyPoint {
  iteration: number;
  /** −log of the target's probability, times its weight. */
  reward: number;
  /** Area energy, times its weight. */
  area: number;
  /** Core energy, times its weight; 0 where the method has none. */
  core: number;
}
