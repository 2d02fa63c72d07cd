"use strict";
exports.id = 194;
exports.ids = [194];
exports.modules = {

/***/ 1701:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(2462),t=__webpack_require__(8383);const r={getFileRecord:()=>t.fileIntercept,interceptFile(e,r){t.fileIntercept[e]=Promise.resolve(r)},getTokenRecord:()=>e.tokenIntercept,interceptToken(t,r){e.tokenIntercept[t]=r}};exports.externalDataInterceptor=r;


/***/ }),

/***/ 2462:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(1455),r=__webpack_require__(7598),t=__webpack_require__(6760),s=__webpack_require__(8383);const o=e=>{const o=r.createHash("sha1").update(e).digest("hex");return t.join(s.getHomeDir(),".aws","sso","cache",`${o}.json`)},n={};exports.getSSOTokenFilepath=o,exports.getSSOTokenFromFile=async r=>{if(n[r])return n[r];const t=o(r),s=await e.readFile(t,"utf8");return JSON.parse(s)},exports.tokenIntercept=n;


/***/ }),

/***/ 2194:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var __webpack_unused_export__;
var e=__webpack_require__(3024),r=__webpack_require__(8383),o=__webpack_require__(1701);__webpack_require__(2391),__webpack_require__(7598),__webpack_require__(6760),__webpack_require__(1421),__webpack_require__(857),__webpack_require__(6982),__webpack_require__(9896),__webpack_require__(7975),__webpack_require__(6928),__webpack_require__(7016),__webpack_require__(3429),__webpack_require__(8161),__webpack_require__(1455),__webpack_require__(7075),__webpack_require__(4708),__webpack_require__(1708),__webpack_require__(2462);const i=e=>async r=>{e.logger?.debug("@aws-sdk/credential-provider-web-identity - fromWebToken");const{roleArn:o,roleSessionName:i,webIdentityToken:n,providerId:t,policyArns:s,policy:d,durationSeconds:l}=e;let{roleAssumerWithWebIdentity:a}=e;if(!a){const{getDefaultRoleAssumerWithWebIdentity:o}=await(__webpack_require__.e(/* import() */ 627).then(__webpack_require__.t.bind(__webpack_require__, 5627, 19)));a=o({...e.clientConfig,credentialProviderLogger:e.logger,parentClientConfig:{...r?.callerClientConfig,...e.parentClientConfig}},e.clientPlugins)}return a({RoleArn:o,RoleSessionName:i??`aws-sdk-js-session-${Date.now()}`,WebIdentityToken:n,ProviderId:t,PolicyArns:s,Policy:d,DurationSeconds:l})},n="AWS_WEB_IDENTITY_TOKEN_FILE";exports.fromTokenFile=(t={})=>async s=>{t.logger?.debug("@aws-sdk/credential-provider-web-identity - fromTokenFile");const d=t?.webIdentityTokenFile??process.env[n],l=t?.roleArn??process.env.AWS_ROLE_ARN,a=t?.roleSessionName??process.env.AWS_ROLE_SESSION_NAME;if(!d||!l)throw new r.CredentialsProviderError("Web identity configuration not specified",{logger:t.logger});const c=await i({...t,webIdentityToken:o.externalDataInterceptor?.getTokenRecord?.()[d]??e.readFileSync(d,{encoding:"ascii"}),roleArn:l,roleSessionName:a})(s);return d===process.env[n]&&r.setCredentialFeature(c,"CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN","h"),c},__webpack_unused_export__=i;


/***/ })

};
;