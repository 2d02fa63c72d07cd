export const id = 32;
export const ids = [32];
export const modules = {

/***/ 1931:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ r)
/* harmony export */ });
/* harmony import */ var _getSSOTokenFromFile_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4111);
/* harmony import */ var _Sha256Node_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5986);
const r={getFileRecord:()=>_Sha256Node_js__WEBPACK_IMPORTED_MODULE_1__.g,interceptFile(e,r){_Sha256Node_js__WEBPACK_IMPORTED_MODULE_1__.g[e]=Promise.resolve(r)},getTokenRecord:()=>_getSSOTokenFromFile_js__WEBPACK_IMPORTED_MODULE_0__.t,interceptToken(o,r){_getSSOTokenFromFile_js__WEBPACK_IMPORTED_MODULE_0__.t[o]=r}};


/***/ }),

/***/ 4111:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ n),
/* harmony export */   g: () => (/* binding */ a),
/* harmony export */   t: () => (/* binding */ e)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7598);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/* harmony import */ var _Sha256Node_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5986);
const a=o=>{const a=(0,node_crypto__WEBPACK_IMPORTED_MODULE_1__.createHash)("sha1").update(o).digest("hex");return (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)((0,_Sha256Node_js__WEBPACK_IMPORTED_MODULE_3__.h)(),".aws","sso","cache",`${a}.json`)},e={},n=async s=>{if(e[s])return e[s];const r=a(s),t=await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(r,"utf8");return JSON.parse(t)};


/***/ }),

/***/ 7032:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   fromTokenFile: () => (/* binding */ s)
/* harmony export */ });
/* unused harmony export fromWebToken */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var _Sha256Node_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5986);
/* harmony import */ var _externalDataInterceptor_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1931);
/* harmony import */ var node_stream__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7075);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8161);
/* harmony import */ var node_process__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1708);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(6760);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(1455);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(7598);
/* harmony import */ var node_https__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(4708);
/* harmony import */ var _getSSOTokenFromFile_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(4111);
const t=e=>async o=>{e.logger?.debug("@aws-sdk/credential-provider-web-identity - fromWebToken");const{roleArn:n,roleSessionName:r,webIdentityToken:t,providerId:i,policyArns:s,policy:d,durationSeconds:l}=e;let{roleAssumerWithWebIdentity:a}=e;if(!a){const{getDefaultRoleAssumerWithWebIdentity:n}=await(__webpack_require__.e(/* import() */ 773).then(__webpack_require__.bind(__webpack_require__, 7773)));a=n({...e.clientConfig,credentialProviderLogger:e.logger,parentClientConfig:{...o?.callerClientConfig,...e.parentClientConfig}},e.clientPlugins)}return a({RoleArn:n,RoleSessionName:r??`aws-sdk-js-session-${Date.now()}`,WebIdentityToken:t,ProviderId:i,PolicyArns:s,Policy:d,DurationSeconds:l})},i="AWS_WEB_IDENTITY_TOKEN_FILE",s=(s={})=>async d=>{s.logger?.debug("@aws-sdk/credential-provider-web-identity - fromTokenFile");const l=s?.webIdentityTokenFile??process.env[i],a=s?.roleArn??process.env.AWS_ROLE_ARN,c=s?.roleSessionName??process.env.AWS_ROLE_SESSION_NAME;if(!l||!a)throw new _Sha256Node_js__WEBPACK_IMPORTED_MODULE_1__.C("Web identity configuration not specified",{logger:s.logger});const p=await t({...s,webIdentityToken:_externalDataInterceptor_js__WEBPACK_IMPORTED_MODULE_2__.e?.getTokenRecord?.()[l]??(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(l,{encoding:"ascii"}),roleArn:a,roleSessionName:c})(d);return l===process.env[i]&&(0,_Sha256Node_js__WEBPACK_IMPORTED_MODULE_1__.s)(p,"CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN","h"),p};


/***/ })

};
