import type { Market } from '../images/instance-record.js';
import { createHash } from 'node:crypto';
import { instanceTags } from '../images/tags.js';
import { leastTrust, type Trust } from '../images/trust.js';
import { Cancelled } from '../lib/batch-poll.js';
import type { PlanItem } from '../plan/build-plan.js';
import { agentBootstrap } from './agent-bootstrap.js';
import { CloudFailure, type Launch } from './cloud.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import { waitForAgent } from './instance-waits.js';
import type { Phase } from './outcome.js';
import { placesOf, type Place } from './places.js';
import { undoInstance } from './undo-instance.js';

export interface LaunchOptions {
  readonly item: PlanItem;
  readonly imageId: string;
  /** Of the image. */
  readonly trust: Trust;
  readonly role: 'builder' | 'test';
  readonly phase: Phase;
  /** After this the instance ends itself, whoever watches. */
  readonly lifetimeMinutes: number;
}

export interface LaunchedInstance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly market: Market;
  /** Leaves its end to another layer. */
  readonly letGo: () => void;
  /** Milliseconds since the epoch; it ends itself then. */
  readonly expiresAt: number;
}

/**
 * Launches an instance, registers its end, and waits until its agent answers. Tries every type in every subnet, in
 * order, while AWS has no room; each attempt has a client token of its own: a token is bound to its parameters, and to
 * an instance that may have ended since.
 */
export async function launchInstance(options: LaunchOptions, context: BuildContext): Promise<LaunchedInstance> {
  const { item, imageId, role, phase, lifetimeMinutes } = options;
  const { cloud, clock, emit, signal, bill } = context;
  const places = placesOf(item, role, context.placement);
  let lack: CloudFailure | undefined;
  for (const place of places) {
    const { instanceType, subnetId, market } = place;
    // Spot is refused to the account or at this price: not a matter of the place.
    if (market === 'spot' && lack?.treatment === 'on-demand') continue;
    if (signal.aborted) throw new Cancelled();
    const where = nameOf(place);
    emit({ kind: 'phase', key: item.key, phase, detail: `${where}, from ${imageId}` });
    const expiresAt = clock.now() + lifetimeMinutes * 60_000;
    try {
      const { instanceId, zone } = await cloud.launch({
        imageId,
        market,
        instanceType,
        subnetId,
        securityGroupIds: context.placement.securityGroupIds,
        instanceProfile: context.placement.instanceProfile,
        volume: volumeOf(options, cloud.region),
        userData: userData(options, cloud.region),
        tags: tagsOf(options, expiresAt, context),
        clientToken: tokenOf([context.run.token, item.key, role, instanceType, subnetId ?? '', market, expiresAt]),
      });
      const letGo = undoInstance(instanceId, role, context);
      bill.launched({ key: item.key, role, instanceId, machine: { instanceType, market, region: cloud.region, zone } });
      await waitForAgent({ key: item.key, templateHash: item.templateHash, instanceId, phase }, context);
      return { instanceId, instanceType, market, expiresAt, letGo };
    } catch (error) {
      if (!(error instanceof CloudFailure && mayFitElsewhere(error, market))) throw error;
      lack = error;
      emit({ kind: 'warning', key: item.key, message: `no capacity for ${where}: ${error.message}` });
    }
  }
  throw failed({
    phase,
    message: `no instance type had capacity (tried ${places.map(nameOf).join(', ')}): ${lack?.message ?? ''}`,
    fix: 'list more `builder.instance_types` or more subnets, or run it again later.',
  });
}

function mayFitElsewhere({ treatment }: CloudFailure, market: Market): boolean {
  return treatment === 'next-place' || (treatment === 'on-demand' && market === 'spot');
}

function nameOf({ instanceType, subnetId, market }: Place): string {
  return `${market === 'spot' ? 'Spot ' : ''}${instanceType}${subnetId === undefined ? '' : ` in ${subnetId}`}`;
}

/** A test instance has the size its image has: only a builder's volume is as the template says. */
function volumeOf({ item, role }: LaunchOptions, region: string): Launch['volume'] {
  if (role === 'test') return {};
  const { volumeGb, volumeIops, volumeThroughput } = item.node.layer.builder;
  const { encryption } = item.node;
  return {
    ...(encryption === undefined
      ? {}
      : { encryption: { kmsKey: encryption.regionKmsKeys[region] ?? encryption.kmsKey } }),
    ...(volumeGb === undefined ? {} : { gb: volumeGb }),
    ...(volumeIops === undefined ? {} : { iops: volumeIops }),
    ...(volumeThroughput === undefined ? {} : { throughput: volumeThroughput }),
  };
}

function tagsOf(
  { item, imageId, trust, role }: LaunchOptions,
  expiresAt: number,
  { run, clock }: BuildContext,
): Launch['tags'] {
  return instanceTags({
    run,
    layer: item.node.layer.name,
    templateHash: item.templateHash,
    architecture: item.architecture,
    role,
    baseAmi: imageId,
    trust: leastTrust(run.trust, trust),
    now: clock.now(),
    expiresAt,
    userTags: item.node.layer.tags,
  });
}

/**
 * With `InstanceInitiatedShutdownBehavior=terminate`, an instance that nobody watches ends itself. The timer comes first:
 * whatever the agent's installation does, it is set.
 */
function userData({ item, role, lifetimeMinutes }: LaunchOptions, region: string): string {
  const { parent } = item.node.layer;
  const bootstrap = role === 'builder' && parent.kind === 'base' ? agentBootstrap(parent.reference, region) : '';
  return `#!/bin/sh\nshutdown -h +${lifetimeMinutes}\n${bootstrap}`;
}

/** At most 64 characters (RunInstances, EC2 API reference). */
function tokenOf(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
