import type { Random } from '../../numbers/random';
import type { SyntheticClass } from './classes';
import type { Synthesis } from './options';

/** Position, size and rotation of a figure in one frame. */
export interface Pose {
  /** Centre, pixels; x to the right, y down. */
  x: number;
  y: number;
  /** Distance from the centre to the farthest point of the outline, pixels. */
  radius: number;
  /** Rotation about the centre, radians, clockwise on the screen. */
  angle: number;
}

/** A motion before it is placed in the frame: centre and scale of the figure at a moment of the clip. */
type Path = (moment: number) => { x: number; y: number; zoom: number };

/** Maximum tilt of a straight motion against its axis, radians. */
const TILT = 0.2;

/** Maximum drift during the clip of motions that stay in place, as a fraction of the shorter side. */
const SLACK = 0.06;

/** Maximum radius of the actor, as a fraction of the shorter side. */
const LARGEST_RADIUS = 0.42;

/** Minimum fraction of the actor's radius that stays inside the frame, if the frame is large enough. */
const KEPT_INSIDE = 0.85;

/**
 * The actor's pose in every frame: a motion of the class with random speed, at a random place such that the actor
 * stays in the frame (mostly, if the frame is too small for the motion).
 */
export function actorPoses(name: SyntheticClass, options: Synthesis, random: Random): Pose[] {
  const { frames, height, width } = options;
  const side = Math.min(height, width);
  const radius = (random.uniform(...options.actorSize) * side) / 2;
  const path = pathOf(name, random.uniform(...options.speed), random);
  const turn = random.uniform(0, 2 * Math.PI);
  const wobble = random.uniform(-0.25, 0.25);
  const wobblePhase = random.uniform(0, 2 * Math.PI);

  const poses: Pose[] = [];
  for (let t = 0; t < frames; t++) {
    const moment = frames === 1 ? 0.5 : t / (frames - 1);
    const { x, y, zoom } = path(moment);
    poses.push({
      x: x * side,
      y: y * side,
      radius: Math.min(radius * zoom, LARGEST_RADIUS * side),
      angle: turn + wobble * Math.sin(2 * Math.PI * moment + wobblePhase),
    });
  }
  const shiftX = placement(poses, (pose) => pose.x, width, random);
  const shiftY = placement(poses, (pose) => pose.y, height, random);
  return poses.map((pose) => ({ ...pose, x: pose.x + shiftX, y: pose.y + shiftY }));
}

/** The motion of a class, in units of the frame's shorter side; `moment` runs from 0 to 1. */
function pathOf(name: SyntheticClass, speed: number, random: Random): Path {
  const tilt = random.uniform(-TILT, TILT);
  switch (name) {
    case 'right':
      return straight(tilt, speed);
    case 'down':
      return straight(Math.PI / 2 + tilt, speed);
    case 'left':
      return straight(Math.PI + tilt, speed);
    case 'up':
      return straight(-Math.PI / 2 + tilt, speed);
    case 'clockwise':
      return drifting(circle(1, speed, random), random);
    case 'counter-clockwise':
      return drifting(circle(-1, speed, random), random);
    case 'grow':
      return drifting(zoom(1, speed), random);
    case 'shrink':
      return drifting(zoom(-1, speed), random);
    case 'sway':
      return drifting(swing(tilt, speed, random), random);
    case 'bounce':
      return drifting(swing(Math.PI / 2 + tilt, speed, random), random);
  }
}

/** A straight motion of half the shorter side, times the speed. */
function straight(direction: number, speed: number): Path {
  const dx = 0.5 * speed * Math.cos(direction);
  const dy = 0.5 * speed * Math.sin(direction);
  return (moment) => ({ x: dx * moment, y: dy * moment, zoom: 1 });
}

/** 0.5 + 0.6·speed turns around a point; `sense` is 1 for clockwise. */
function circle(sense: 1 | -1, speed: number, random: Random): Path {
  const radius = random.uniform(0.15, 0.23);
  const turns = 0.5 + 0.6 * speed;
  const phase = random.uniform(0, 2 * Math.PI);
  return (moment) => {
    const angle = phase + sense * 2 * Math.PI * turns * moment;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), zoom: 1 };
  };
}

/** From 1/√ratio to √ratio times the actor's size (`sense` 1) or back (−1); the ratio is 1.5 + 0.8·speed. */
function zoom(sense: 1 | -1, speed: number): Path {
  const exponent = sense * Math.log(1.5 + 0.8 * speed);
  return (moment) => ({ x: 0, y: 0, zoom: Math.exp(exponent * (moment - 0.5)) });
}

/** 1 + speed oscillations along an axis. */
function swing(axis: number, speed: number, random: Random): Path {
  const amplitude = random.uniform(0.12, 0.18);
  const phase = random.uniform(0, 2 * Math.PI);
  const dx = amplitude * Math.cos(axis);
  const dy = amplitude * Math.sin(axis);
  return (moment) => {
    const offset = Math.sin(phase + 2 * Math.PI * (1 + speed) * moment);
    return { x: dx * offset, y: dy * offset, zoom: 1 };
  };
}

/** Adds a slow drift, so that staying in place does not reveal the class. */
function drifting(path: Path, random: Random): Path {
  const length = random.uniform(0, SLACK);
  const direction = random.uniform(0, 2 * Math.PI);
  const dx = length * Math.cos(direction);
  const dy = length * Math.sin(direction);
  return (moment) => {
    const { x, y, zoom } = path(moment);
    return { x: x + dx * moment, y: y + dy * moment, zoom };
  };
}

/** A random shift along one axis that keeps the figure inside 0 … extent; if none does, the one that centres it. */
function placement(poses: Pose[], along: (pose: Pose) => number, extent: number, random: Random): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const pose of poses) {
    lowest = Math.min(lowest, along(pose) - KEPT_INSIDE * pose.radius);
    highest = Math.max(highest, along(pose) + KEPT_INSIDE * pose.radius);
  }
  const room = extent - (highest - lowest);
  const share = random.uniform();
  return (room > 0 ? share * room : room / 2) - lowest;
}
