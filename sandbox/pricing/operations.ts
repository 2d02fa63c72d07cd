import * as pricing from '@aws-sdk/client-pricing';
import { operation, type Operation } from '../wire/operation.js';
import { getProducts } from './get-products.js';

export const pricingOperations: readonly Operation[] = [operation(pricing.GetProducts$, getProducts)];
