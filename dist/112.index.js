"use strict";
exports.id = 112;
exports.ids = [112];
exports.modules = {

/***/ 6112:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(3024),r=__webpack_require__(2391);function n(e,n){return`${r.joinParts([`${n} ⏹️ AMI layers: ended before it was done\n${r.renderOrigin(e)}`,"The job was cancelled or its `timeout-minutes` ran out, and it was killed before it could say what became of each layer. The log has what was done until then.","<sub>A re-run resumes: images that were finished are reused.</sub>"])}\n`}__webpack_require__(7975),__webpack_require__(7598),__webpack_require__(6760),__webpack_require__(1421),__webpack_require__(8161),__webpack_require__(857),__webpack_require__(6982),__webpack_require__(9896),__webpack_require__(610),__webpack_require__(4708),__webpack_require__(7030),__webpack_require__(3429),exports.announceKilled=async function(i,t){const u=JSON.parse(e.readFileSync(t.GITHUB_EVENT_PATH??"","utf8")),a=t.GITHUB_WORKSPACE??".",{run:s,policy:o}=await r.receiveEvent({env:t,payload:u,inputs:i,token:"",directory:a,settings:{}});if("run"!==o.kind)return;const{pullRequest:d}=o,c=r.createComment({inputs:i,run:s,apiUrl:t.GITHUB_API_URL??"https://api.github.com",pullRequest:d});r.warn((await c(function(e,{id:i}){return`${r.renderMarker(r.makeMarker(e,i,"done"))}\n${n(e,"###")}`}(s,{id:i.commentId}),!1)).warnings),i.summary&&r.warn(await r.publishSummary(function(e){return n(e,"##")}(s)))};


/***/ })

};
;