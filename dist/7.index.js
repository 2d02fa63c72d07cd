"use strict";
exports.id = 7;
exports.ids = [7];
exports.modules = {

/***/ 1701:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(2462),t=__webpack_require__(8383);const r={getFileRecord:()=>t.fileIntercept,interceptFile(e,r){t.fileIntercept[e]=Promise.resolve(r)},getTokenRecord:()=>e.tokenIntercept,interceptToken(t,r){e.tokenIntercept[t]=r}};exports.externalDataInterceptor=r;


/***/ }),

/***/ 2462:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(1455),r=__webpack_require__(7598),t=__webpack_require__(6760),s=__webpack_require__(8383);const o=e=>{const o=r.createHash("sha1").update(e).digest("hex");return t.join(s.getHomeDir(),".aws","sso","cache",`${o}.json`)},n={};exports.getSSOTokenFilepath=o,exports.getSSOTokenFromFile=async r=>{if(n[r])return n[r];const t=o(r),s=await e.readFile(t,"utf8");return JSON.parse(s)},exports.tokenIntercept=n;


/***/ }),

/***/ 8007:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(1421),r=__webpack_require__(7975),o=__webpack_require__(8383),i=__webpack_require__(1701),t=__webpack_require__(8526);__webpack_require__(2391),__webpack_require__(7598),__webpack_require__(3024),__webpack_require__(6760),__webpack_require__(857),__webpack_require__(6982),__webpack_require__(9896),__webpack_require__(6928),__webpack_require__(7016),__webpack_require__(3429),__webpack_require__(8161),__webpack_require__(1455),__webpack_require__(7075),__webpack_require__(4708),__webpack_require__(1708),__webpack_require__(2462);const s=async(t,s,n)=>{const c=s[t];if(!s[t])throw new o.CredentialsProviderError(`Profile ${t} could not be found in shared credentials file.`,{logger:n});{const d=c.credential_process;if(void 0===d)throw new o.CredentialsProviderError(`Profile ${t} did not contain credential_process.`,{logger:n});{const c=r.promisify(i.externalDataInterceptor?.getTokenRecord?.().exec??e.exec);try{const{stdout:e}=await c(d);let r;try{r=JSON.parse(e.trim())}catch{throw Error(`Profile ${t} credential_process returned invalid JSON.`)}return((e,r,i)=>{if(1!==r.Version)throw Error(`Profile ${e} credential_process did not return Version 1.`);if(void 0===r.AccessKeyId||void 0===r.SecretAccessKey)throw Error(`Profile ${e} credential_process returned invalid credentials.`);if(r.Expiration){const o=new Date;if(new Date(r.Expiration)<o)throw Error(`Profile ${e} credential_process returned expired credentials.`)}let t=r.AccountId;!t&&i?.[e]?.aws_account_id&&(t=i[e].aws_account_id);const s={accessKeyId:r.AccessKeyId,secretAccessKey:r.SecretAccessKey,...r.SessionToken&&{sessionToken:r.SessionToken},...r.Expiration&&{expiration:new Date(r.Expiration)},...r.CredentialScope&&{credentialScope:r.CredentialScope},...t&&{accountId:t}};return o.setCredentialFeature(s,"CREDENTIALS_PROCESS","w"),s})(t,r,s)}catch(e){throw new o.CredentialsProviderError(e.message,{logger:n})}}}};exports.fromProcess=(e={})=>async({callerClientConfig:r}={})=>{e.logger?.debug("@aws-sdk/credential-provider-process - fromProcess");const i=await t.parseKnownFiles(e);return s(o.getProfileName({profile:e.profile??r?.profile}),i,e.logger)};


/***/ })

};
;