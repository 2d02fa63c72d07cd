export const id = 652;
export const ids = [652,271];
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

/***/ 9652:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   fromProcess: () => (/* binding */ a)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7975);
/* harmony import */ var _Sha256Node_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5986);
/* harmony import */ var _externalDataInterceptor_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1931);
/* harmony import */ var _parseKnownFiles_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(9532);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3024);
/* harmony import */ var node_stream__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(7075);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(8161);
/* harmony import */ var node_process__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(1708);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(6760);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(1455);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(7598);
/* harmony import */ var node_https__WEBPACK_IMPORTED_MODULE_12__ = __webpack_require__(4708);
/* harmony import */ var _getSSOTokenFromFile_js__WEBPACK_IMPORTED_MODULE_13__ = __webpack_require__(4111);
const c=async(i,n,c)=>{const a=n[i];if(!n[i])throw new _Sha256Node_js__WEBPACK_IMPORTED_MODULE_2__.C(`Profile ${i} could not be found in shared credentials file.`,{logger:c});{const d=a.credential_process;if(void 0===d)throw new _Sha256Node_js__WEBPACK_IMPORTED_MODULE_2__.C(`Profile ${i} did not contain credential_process.`,{logger:c});{const a=(0,node_util__WEBPACK_IMPORTED_MODULE_1__.promisify)(_externalDataInterceptor_js__WEBPACK_IMPORTED_MODULE_3__.e?.getTokenRecord?.().exec??node_child_process__WEBPACK_IMPORTED_MODULE_0__.exec);try{const{stdout:e}=await a(d);let r;try{r=JSON.parse(e.trim())}catch{throw Error(`Profile ${i} credential_process returned invalid JSON.`)}return((e,r,t)=>{if(1!==r.Version)throw Error(`Profile ${e} credential_process did not return Version 1.`);if(void 0===r.AccessKeyId||void 0===r.SecretAccessKey)throw Error(`Profile ${e} credential_process returned invalid credentials.`);if(r.Expiration){const o=new Date;if(new Date(r.Expiration)<o)throw Error(`Profile ${e} credential_process returned expired credentials.`)}let i=r.AccountId;!i&&t?.[e]?.aws_account_id&&(i=t[e].aws_account_id);const s={accessKeyId:r.AccessKeyId,secretAccessKey:r.SecretAccessKey,...r.SessionToken&&{sessionToken:r.SessionToken},...r.Expiration&&{expiration:new Date(r.Expiration)},...r.CredentialScope&&{credentialScope:r.CredentialScope},...i&&{accountId:i}};return (0,_Sha256Node_js__WEBPACK_IMPORTED_MODULE_2__.s)(s,"CREDENTIALS_PROCESS","w"),s})(i,r,n)}catch(e){throw new _Sha256Node_js__WEBPACK_IMPORTED_MODULE_2__.C(e.message,{logger:c})}}}},a=(e={})=>async({callerClientConfig:r}={})=>{e.logger?.debug("@aws-sdk/credential-provider-process - fromProcess");const o=await (0,_parseKnownFiles_js__WEBPACK_IMPORTED_MODULE_4__.p)(e);return c((0,_Sha256Node_js__WEBPACK_IMPORTED_MODULE_2__.i)({profile:e.profile??r?.profile}),o,e.logger)};


/***/ }),

/***/ 9532:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ t)
/* harmony export */ });
/* harmony import */ var _Sha256Node_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5986);
const t=async t=>{const s=await (0,_Sha256Node_js__WEBPACK_IMPORTED_MODULE_0__.l)(t);return((...o)=>{const t={};for(const s of o)for(const[o,e]of Object.entries(s))void 0!==t[o]?Object.assign(t[o],e):t[o]=e;return t})(s.configFile,s.credentialsFile)};


/***/ })

};
