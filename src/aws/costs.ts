import { paginateDescribeSpotPriceHistory, type _InstanceType } from '@aws-sdk/client-ec2';
import type { Cloud } from '../build/cloud.js';
import type { SpotPrices } from '../plan/prices.js';
import type { ApiCalls, Clients } from './clients.js';
import type { DescribeImage } from './describe-image.js';
import { asked } from './failure.js';

/** What costs are made of. The Price List and EBS direct have clients of their own, loaded when they are asked. */
export function costCalls(
  clients: Clients,
  region: string,
  { calls, describe }: { readonly calls: ApiCalls; readonly describe: DescribeImage },
): Pick<Cloud, 'listPrices' | 'spotPrices' | 'storedOf'> {
  const { ec2, settingsUntil } = clients;
  return {
    listPrices: async (instanceTypes, asking) => {
      const { listPrices } = await import('./list-prices.js');
      return listPrices(instanceTypes, { ...asking, region, settings: settingsUntil(asking.signal), calls });
    },

    spotPrices: (instanceTypes, { now, signal }) =>
      asked('DescribeSpotPriceHistory', async () => {
        // From now on: the price in force is always part of the answer (EC2 API reference, DescribeSpotPriceHistory).
        const request = {
          InstanceTypes: instanceTypes as _InstanceType[],
          ProductDescriptions: ['Linux/UNIX'],
          StartTime: new Date(now),
        };
        const newest = new Map<string, number>();
        const usdPerHour: Record<string, Record<string, number>> = {};
        const paging = { client: ec2, pageSize: 1000 };
        for await (const page of paginateDescribeSpotPriceHistory(paging, request, { abortSignal: signal })) {
          for (const { InstanceType: type, AvailabilityZone: zone, SpotPrice, Timestamp } of page.SpotPriceHistory ??
            []) {
            const usd = Number(SpotPrice);
            const at = Timestamp?.getTime() ?? 0;
            if (type === undefined || zone === undefined || !(usd > 0)) continue;
            if (at < (newest.get(`${type} ${zone}`) ?? 0)) continue;
            newest.set(`${type} ${zone}`, at);
            (usdPerHour[type] ??= {})[zone] = usd;
          }
        }
        return { region, date: new Date(now).toISOString().slice(0, 10), usdPerHour } satisfies SpotPrices;
      }),

    storedOf: async (imageId, { signal }) => {
      const { storedOf } = await import('./stored-bytes.js');
      return storedOf(imageId, { clients, calls, describe, signal });
    },
  };
}
