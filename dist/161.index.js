"use strict";
exports.id = 161;
exports.ids = [161];
exports.modules = {

/***/ 5161:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(1758);__webpack_require__(9896),__webpack_require__(857),__webpack_require__(81),__webpack_require__(8611),__webpack_require__(5692),__webpack_require__(2391),__webpack_require__(7975),__webpack_require__(7598),__webpack_require__(3024),__webpack_require__(6760),__webpack_require__(1421),__webpack_require__(8161),__webpack_require__(6982),__webpack_require__(610),__webpack_require__(4708),__webpack_require__(7030),__webpack_require__(3429),__webpack_require__(4756),__webpack_require__(4434),__webpack_require__(9023);function r(e,r,t){if(r.length>=t)return;return{known:!0,base:e,files:r.flatMap(e=>{const r=[e.filename,...void 0===e.previous_filename?[]:[e.previous_filename]];return function({patch:e}){return void 0===e||/^@@ -(?:0,0|1) \+(?:0,0|1) @@/.test(e)}(e)?r.flatMap(e=>[e,`${e}/`]):r}).sort()}}exports.compareByApi=async function(t,n){if(""!==n.token)try{return await async function(t,{apiUrl:n,repository:i,token:o}){const{request:u,paginate:s}=e.openOctokit(o,n),[a="",p=""]=i.split("/"),c={owner:a,repo:p,request:{signal:AbortSignal.timeout(6e4)}},l=async(e,t)=>{const n={...c,basehead:`${e}...${t}`},{data:i}=await u("GET /repos/{owner}/{repo}/compare/{basehead}",n);return r(i.merge_base_commit.sha,i.files??[],300)};switch(t.kind){case"pull_request":{const e={...c,pull_number:t.number,per_page:100},n=await s("GET /repos/{owner}/{repo}/pulls/{pull_number}/files",e);return r(t.baseSha,n,3e3)}case"push":return t.onDefaultBranch?t.forced?void 0:l(t.before,t.after):l(t.defaultBranch??t.before,t.after);case"merge_group":return l(t.baseSha,t.headSha);case"other":return}}(t,n)}catch{return}};


/***/ })

};
;