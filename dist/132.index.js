"use strict";
exports.id = 132;
exports.ids = [132];
exports.modules = {

/***/ 4132:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(1455),t=__webpack_require__(8161),r=__webpack_require__(6760),i=__webpack_require__(2391);__webpack_require__(7975),__webpack_require__(7598),__webpack_require__(3024),__webpack_require__(1421),__webpack_require__(857),__webpack_require__(6982),__webpack_require__(9896),__webpack_require__(610),__webpack_require__(4708),__webpack_require__(7030),__webpack_require__(3429);const n="refs/compared/base",o="refs/compared/head";const a=2147483647;async function s(e,t){const r=await e("rev-parse",t),n=await i.diffNames(e,t,o);return r.ok&&void 0!==n?{known:!0,base:r.text.trim(),files:n}:{known:!1,why:"git could not compare what it fetched"}}exports.compareFetched=async function(c,{head:u,remote:d}){if(void 0===u)return{known:!1,why:"what is checked out is no commit of a git repository"};const f=await e.mkdtemp(r.join(t.tmpdir(),"ami-layers-git-"));try{const e=i.makeGit(f,d.environment,"https:http:file"),t=(...t)=>e("--git-dir=.",...t);return await t("init","--quiet","--bare"),await async function(e,{wanted:t,head:r,url:c}){const u=(t,r)=>e("fetch","--quiet","--no-tags","--filter=blob:none",t,c,r),d=async e=>{const i=await u(e,`+${r}:${o}`);return i.ok?async function(e,t){let r={ok:!1,why:"there is nothing to fetch"};for(const i of e)if(r=await t(i),r.ok)break;return r}(function(e){if(/^[0-9a-f]{40,64}$/.test(e)||e.startsWith("refs/"))return[e];const t=e.replace(/^origin\//,"");return[`refs/heads/${t}`,`refs/tags/${t}`]}(t.base),t=>u(e,`+${t}:${n}`)):i};if("with"===t.kind){const t=await d("--depth=1");return t.ok?s(e,n):{known:!1,why:`git could not fetch it (${t.why})`}}for(let t=0;t<4;t+=1){const r=3===t,c=await d(`--depth=${r?a:100*2**t}`);if(!c.ok)return{known:!1,why:`git could not fetch it (${c.why})`};const u=await i.findMergeBase(e,n,o);if(void 0!==u)return s(e,u)}return s(e,n)}(t,{wanted:c,head:u,url:`${d.serverUrl}/${d.repository}`})}finally{await e.rm(f,{recursive:!0,force:!0})}};


/***/ })

};
;