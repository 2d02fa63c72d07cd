"use strict";
exports.id = 218;
exports.ids = [218];
exports.modules = {

/***/ 5231:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(1421),r=__webpack_require__(3024),i=__webpack_require__(8161),n=__webpack_require__(6760),t=__webpack_require__(7975);const o=new WeakSet,a=/^(?:::(?:warning|error)::)?((?:Failed to|Cache (?:save|restore) skipped).*)$/m;exports.openCacheService=function(s,c,d=1e4){const{file:l,env:w,signal:u}=s;if(""===(w.ACTIONS_RUNTIME_TOKEN??""))return;const f=async(r,i)=>{if(o.has(s))throw new Error("it has not answered before");const{stdout:n}=await t.promisify(e.execFile)(process.execPath,[l,...i],{cwd:r,env:{...w,GITHUB_WORKSPACE:r,RUNNER_TEMP:r},signal:u,timeout:d,killSignal:"SIGKILL"}).catch(e=>{const{killed:r}=e;if(!0!==r)throw e;throw o.add(s),new Error(`not done within ${d/1e3} s`)}),[,c]=a.exec(n)??[];if(void 0!==c)throw new Error(c)},h=async e=>{const t=r.mkdtempSync(n.join(w.RUNNER_TEMP??i.tmpdir(),"ami-layers-cache-"));try{return await e(t,n.join(t,c))}finally{r.rmSync(t,{recursive:!0,force:!0})}};return{find:e=>h(async(i,n)=>(await f(i,["find",c,e]),r.existsSync(n)?r.readFileSync(n,"utf8"):void 0)),add:(e,i)=>h(async(n,t)=>{r.writeFileSync(t,i),await f(n,["add",c,e])})}};


/***/ }),

/***/ 5218:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(5231),r=__webpack_require__(2391);__webpack_require__(1421),__webpack_require__(3024),__webpack_require__(8161),__webpack_require__(6760),__webpack_require__(7975),__webpack_require__(7598),__webpack_require__(857),__webpack_require__(6982),__webpack_require__(9896),__webpack_require__(610),__webpack_require__(4708),__webpack_require__(7030),__webpack_require__(3429);exports.openFailureCache=function({id:i,attempt:n,token:t},a){const o=e.openCacheService(a,"ami-layers-failed-1.json"),s=`ami-layers-failed-${i}-${n}-`,d=async e=>{try{return await e}catch(e){return void r.tell("debug",`Cache of failed layers: ${e instanceof Error?e.message:String(e)}`)}};return{isAnyTold:async()=>void 0!==await d(o?.find(s)),find:e=>d(o?.find(`${s}${e}-`)),tell:async(e,r)=>{await d(o?.add(`${s}${e}-${t.slice(0,8)}`,r))}}};


/***/ })

};
;